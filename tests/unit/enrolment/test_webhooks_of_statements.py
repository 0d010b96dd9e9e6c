"""Signed deliveries of xAPI and Caliper: judged as at their own addresses, answered as deliveries are."""

from typing import Any

import httpx
import orjson
import pytest

from services.enrolment.xapi.voids import Statement, statement_key, statement_said, statement_voided
from shared.contracts.fanout import StatementVoided
from shared.contracts.platform import ResultReported
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.door.test_courses import offer, run
from tests.unit.enrolment.platforms.registry import SECRET, signed
from tests.unit.enrolment.spoken import EXAM, LMS, OFFERING, envelope, graded, scored, statement

WHEN = {"timestamp": "2026-03-01T00:30:00Z"}
FUTURE = {"timestamp": "2199-01-01T00:00:00Z"}


@pytest.fixture(autouse=True)
def offering(store: MemoryStore) -> None:
    offer(store, OFFERING, [run(activities={EXAM: "exam"})])


def id_of(number: int) -> str:
    return f"6f2c3e1a-5b1d-4f0a-9a51-{number:012d}"


def mark(number: int = 1, target: str = EXAM, **changed: Any) -> dict[str, Any]:
    return statement("scored", target, id=id_of(number), **scored(0.82), **WHEN) | changed


def void(number: int, of: int, **changed: Any) -> dict[str, Any]:
    return (
        statement("voided", id=id_of(number), object={"objectType": "StatementRef", "id": id_of(of)}, **WHEN) | changed
    )


def graded_at(time: str = "2026-03-01T00:30:00.000Z", work: str = EXAM) -> dict[str, Any]:
    return graded() | {"eventTime": time, "object": graded()["object"] | {"assignable": work}}


async def deliver(client: httpx.AsyncClient, name: str, content: Any, secret: str = SECRET) -> httpx.Response:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    headers = {"Authorization": "", **signed(body, a.at(60), secret)}
    return await client.post(f"/v1/webhooks/{name}", content=body, headers=headers)


async def test_a_signed_mark_and_its_void_end_voided(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    answer = await deliver(client, "ou-xapi", [mark(1), mark(2), void(3, of=1)])
    assert (answer.status_code, answer.json()) == (202, {"accepted": 3, "refused": [], "notes": []})

    first, second, taken_back = publisher.events
    assert isinstance(first, ResultReported)
    assert isinstance(second, ResultReported)
    assert isinstance(taken_back, StatementVoided)
    assert {(each.tenant, each.platform) for each in publisher.events} == {("ou", "lms-1")}
    assert taken_back.key == statement_key(first) != statement_key(second)
    noted = statement_said(Statement.new(taken_back.key), first).state
    (gone,) = statement_voided(noted, taken_back).says
    assert gone.data.result_id == first.id


async def test_a_statement_without_id_and_time_is_one_event_however_often_it_is_delivered(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    bare = mark()
    del bare["id"], bare["timestamp"]
    for content in (bare, [bare], dict(reversed(bare.items()))):
        assert (await deliver(client, "ou-xapi", content)).json()["accepted"] == 1
    assert len(publisher.events) == 3
    assert len({event.id for event in publisher.events}) == 1


@pytest.mark.parametrize(
    ("name", "content", "index"),
    [
        ("ou-xapi", mark(1, f"{LMS}/nobody's"), 0),
        ("ou-xapi", [mark(1, f"{LMS}/nobody's")], 0),
        ("ou-caliper", envelope({"id": "x", "type": "Person"}, graded_at(work=f"{LMS}/nobody's")), 1),
    ],
)
async def test_what_is_about_no_offering_is_told_and_stops_no_platform(
    client: httpx.AsyncClient, publisher: MemoryPublisher, name: str, content: Any, index: int
) -> None:
    answer = await deliver(client, name, content)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 0)
    (refused,) = answer.json()["refused"]
    assert (refused["index"], refused["field"]) == (index, "activity")
    assert publisher.events == []


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ([mark(1), mark(2, verb={"id": "scored"})], "1.verb.id"),
        (mark(id="one"), "id"),
        ([mark(1), void(2, of=1, **FUTURE)], "time"),
        ([mark(number) for number in range(1001)], "body"),
        (7, "body"),
    ],
)
async def test_one_malformed_statement_stops_all_of_its_delivery(
    client: httpx.AsyncClient, publisher: MemoryPublisher, content: Any, field: str
) -> None:
    answer = await deliver(client, "ou-xapi", content)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert publisher.events == []


async def test_an_envelope_is_taken_with_what_of_it_can_be(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    answer = await deliver(client, "ou-caliper", envelope(graded_at(), graded_at("soon")))
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    assert [(each["index"], each["field"]) for each in answer.json()["refused"]] == [(1, "eventTime")]
    (event,) = publisher.events
    assert (event.tenant, event.platform) == ("ou", "lms-1")


@pytest.mark.parametrize("content", [envelope(graded_at("soon")), envelope(), graded_at(), b"{", b"7"])
async def test_an_envelope_of_faults_alone_is_one(
    client: httpx.AsyncClient, publisher: MemoryPublisher, content: Any
) -> None:
    answer = await deliver(client, "ou-caliper", content)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert publisher.events == []


@pytest.mark.parametrize("name", ["ou-xapi", "ou-caliper"])
async def test_what_is_not_signed_is_not_read(client: httpx.AsyncClient, publisher: MemoryPublisher, name: str) -> None:
    other = "whsec_" + "A" * 43 + "="
    assert (await deliver(client, name, [mark()], other)).status_code == 401
    assert publisher.events == []
