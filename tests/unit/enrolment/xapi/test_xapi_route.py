"""xAPI over HTTP: what is answered to statements, and what then stands on the log."""

from typing import Any

import httpx
import orjson
import pytest

from shared.contracts.fanout import StatementVoided
from shared.contracts.platform import ResultReported
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.enrolment.door.test_courses import offer, run
from tests.unit.enrolment.spoken import EXAM, LMS, OFFERING, envelope, graded, scored, statement
from tests.unit.enrolment.tokens import as_of

VERSION = {"X-Experience-API-Version": "1.0.3"}
WHEN = {"timestamp": "2026-03-01T00:30:00Z"}


@pytest.fixture(autouse=True)
def offering(store: MemoryStore) -> None:
    offer(store, OFFERING, [run(activities={EXAM: "exam"})])


def mark(number: int = 1, target: str = EXAM, **changed: Any) -> dict[str, Any]:
    return statement("scored", target, id=id_of(number), **scored(0.82), **WHEN) | changed


def id_of(number: int) -> str:
    return f"6f2c3e1a-5b1d-4f0a-9a51-{number:012d}"


async def post(client: httpx.AsyncClient, content: Any, **headers: str) -> httpx.Response:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    return await client.post(
        "/xapi/statements", content=body, headers={"Content-Type": "application/json", **VERSION, **headers}
    )


async def put(client: httpx.AsyncClient, content: Any, **parameters: str) -> httpx.Response:
    return await client.put("/xapi/statements", json=content, params=parameters, headers=VERSION)


async def test_a_batch_is_answered_with_its_ids_in_order(client: httpx.AsyncClient, publisher: MemoryPublisher):
    answer = await post(client, [mark(2), mark(1), statement("initialized", id=id_of(3), **WHEN)])
    assert (answer.status_code, answer.json()) == (200, [id_of(2), id_of(1), id_of(3)])
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert "Microcred-Refused" not in answer.headers
    assert [type(event) for event in publisher.events] == [ResultReported, ResultReported]
    assert {event.tenant for event in publisher.events} == {"ou"}


async def test_a_single_statement_is_answered_with_an_array_too(client: httpx.AsyncClient):
    assert (await post(client, mark())).json() == [id_of(1)]


async def test_a_statement_without_id_and_time_is_given_both_and_is_the_same_when_sent_again(
    client: httpx.AsyncClient, publisher: MemoryPublisher
):
    bare = mark()
    del bare["id"], bare["timestamp"]
    ids = [(await post(client, given)).json() for given in (bare, [bare], dict(reversed(bare.items())))]
    assert ids[0] == ids[1] == ids[2]
    assert len({event.id for event in publisher.events}) == 1
    assert publisher.events[0].time.isoformat() == "2026-03-01T01:00:00+00:00"


async def test_put_takes_one_statement_under_the_id_of_the_address(
    client: httpx.AsyncClient, publisher: MemoryPublisher
):
    bare = mark()
    del bare["id"]
    for given in (mark(), bare):
        answer = await put(client, given, statementId=id_of(1))
        assert (answer.status_code, answer.content) == (204, b"")
    assert len({event.id for event in publisher.events}) == 1


@pytest.mark.parametrize(
    ("content", "parameters", "field"),
    [
        (mark(), {}, "statementId"),
        (mark(), {"statementId": "one"}, "statementId"),
        (mark(), {"statementId": id_of(2)}, "id"),
        ([mark()], {"statementId": id_of(1)}, "body"),
    ],
)
async def test_put_of_anything_else_is_refused(
    client: httpx.AsyncClient, publisher: MemoryPublisher, content: Any, parameters: dict[str, str], field: str
):
    answer = await put(client, content, **parameters)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert publisher.events == []


@pytest.mark.parametrize("version", ["1.0.3", "1.0.0", "1.0", "1.0.9"])
async def test_every_one_dot_nought_is_spoken(client: httpx.AsyncClient, version: str):
    answer = await post(client, mark(), **{"X-Experience-API-Version": version})
    assert (answer.status_code, answer.headers["X-Experience-API-Version"]) == (200, "1.0.3")


@pytest.mark.parametrize("version", [None, "", "0.95", "1.1", "2.0.0", "1.0.3.1"])
async def test_without_a_version_that_is_spoken_nothing_is_taken(
    client: httpx.AsyncClient, publisher: MemoryPublisher, version: str | None
):
    headers = {} if version is None else {"X-Experience-API-Version": version}
    answer = await client.post("/xapi/statements", json=[mark()], headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "X-Experience-API-Version")
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert publisher.events == []


async def test_one_malformed_statement_of_a_batch_stops_all_of_it(
    client: httpx.AsyncClient, publisher: MemoryPublisher
):
    answer = await post(client, [mark(1), mark(2, verb={"id": "scored"}), mark(3)])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "1.verb.id")
    assert answer.headers["content-type"] == "application/problem+json"
    assert publisher.events == []


async def test_what_is_about_no_offering_is_told_in_a_header_and_stops_nothing(
    client: httpx.AsyncClient, publisher: MemoryPublisher
):
    strange = f"{LMS}/xblock/\r\nSet-Cookie: \u00e4"
    answer = await post(client, [mark(1), mark(2, strange), *(mark(n, f"{LMS}/{n}") for n in range(3, 12))])
    assert (answer.status_code, len(answer.json())) == (200, 11)
    refused = orjson.loads(answer.headers["Microcred-Refused"])
    assert (refused["count"], len(refused["first"])) == (10, 5)
    assert {**refused["first"][0], "reason": ""} == {"index": 1, "id": id_of(2), "field": "activity", "reason": ""}
    assert len(publisher.events) == 1
    alone = await post(client, mark(2, f"{LMS}/2"))
    assert (alone.status_code, orjson.loads(alone.headers["Microcred-Refused"])["count"]) == (200, 1)


async def test_a_statement_of_the_future_is_not_taken(client: httpx.AsyncClient, publisher: MemoryPublisher):
    answer = await post(client, [mark(1), mark(2, timestamp="2199-01-01T00:00:00Z")])
    assert orjson.loads(answer.headers["Microcred-Refused"])["first"][0]["field"] == "time"
    assert len(publisher.events) == 1


async def test_a_void_is_appended_by_the_statement_that_it_names(client: httpx.AsyncClient, publisher: MemoryPublisher):
    void = statement("voided", id=id_of(9), object={"objectType": "StatementRef", "id": id_of(1)}, **WHEN)
    assert (await post(client, void)).json() == [id_of(9)]
    (event,) = publisher.events
    assert isinstance(event, StatementVoided)
    assert (event.key, event.tenant, event.data.statement) == (f"ou/{id_of(1)}", "ou", id_of(1))


async def test_a_void_of_the_future_is_refused_with_all_beside_it(
    client: httpx.AsyncClient, publisher: MemoryPublisher
):
    target = {"objectType": "StatementRef", "id": id_of(1)}
    void = statement("voided", id=id_of(9), object=target, timestamp="2199-01-01T00:00:00Z")
    answer = await post(client, [mark(2), void])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "time")
    assert publisher.events == []


@pytest.mark.parametrize("kind", ["multipart/mixed; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
async def test_attachments_and_forms_are_not_taken(client: httpx.AsyncClient, kind: str):
    answer = await post(client, mark(), **{"Content-Type": kind})
    assert (answer.status_code, answer.headers["X-Experience-API-Version"]) == (415, "1.0.3")
    assert "application/json" in answer.json()["detail"]


async def test_too_many_at_once_are_refused(client: httpx.AsyncClient, publisher: MemoryPublisher):
    given = [mark(n, context={}) for n in range(1_001)]
    answer = await post(client, given)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "body")
    assert publisher.events == []


async def test_an_empty_batch_is_one_of_no_statements(client: httpx.AsyncClient):
    assert (await post(client, [])).json() == []


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
async def test_statements_are_not_given_back(client: httpx.AsyncClient, method: str):
    answer = await client.request(method, "/xapi/statements", headers=VERSION)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) >= {"POST"}
    if method == "GET":
        assert "no Learning Record Store" in answer.json()["detail"]


async def test_about_names_the_versions_to_anybody(client: httpx.AsyncClient):
    answer = await client.get("/xapi/about", headers={"Authorization": ""})
    assert answer.status_code == 200
    assert "1.0.3" in answer.json()["version"]


async def test_who_may_not_report_is_told_so_in_this_version(client: httpx.AsyncClient):
    answer = await post(client, mark(), **as_of("ou", "read"))
    assert answer.status_code == 403
    other = await post(client, mark(), **as_of("other"))
    assert orjson.loads(other.headers["Microcred-Refused"])["count"] == 1


DEEP = b"[" * 33 + b"]" * 33
NO_JSON = [b"NaN", b"-Infinity", DEEP, b"[" * 5_000, b'"\xff"', rb'"\ud800"', b"{]", b"'x'", b'"', b"01", b"/**/1"]


@pytest.mark.parametrize("bad", NO_JSON)
@pytest.mark.parametrize("path", ["/xapi/statements", "/caliper"])
async def test_what_is_no_json_is_found_also_where_nothing_is_read(
    client: httpx.AsyncClient, publisher: MemoryPublisher, path: str, bad: bytes
):
    good = orjson.dumps(mark() if path.startswith("/xapi") else envelope(graded()))
    body = b'{"unread":' + bad + b"," + good[1:]
    answer = await client.post(path, content=body, headers={"Content-Type": "application/json", **VERSION})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "body")
    assert publisher.events == []
