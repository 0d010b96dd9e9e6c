"""Deliveries over HTTP: whose word it is says the registration, never the request."""

from typing import Any

import httpx
import orjson
import pytest

from services.enrolment.handlers import offering_published
from services.enrolment.store import OFFERINGS
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.platform import LearnerRegistered, ResultReported
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.platforms.registry import NEXT_SECRET, SECRET, by_canvas, signed
from tests.unit.enrolment.platforms.test_canvas import live
from tests.unit.enrolment.platforms.test_lti_ags import BODY
from tests.unit.enrolment.platforms.town import CANVAS_COURSE, CANVAS_EXAM, ISSUER
from tests.unit.enrolment.test_events_route import event
from tests.unit.enrolment.tokens import as_of

NOW = a.at(60)
RUNS = [{"course": CANVAS_COURSE, "whole": "exam", "activities": [{"id": CANVAS_EXAM, "component": "exam"}]}]


@pytest.fixture(autouse=True)
def offering(store: MemoryStore) -> None:
    told = OfferingPublished.model_validate(
        {
            "id": "o",
            "source": "test",
            "time": a.at(0),
            "tenant": a.TENANT,
            "data": {"offering": a.OFFERING, **a.DEFINITION, "runs": RUNS},
        }
    )
    held = offering_published(OFFERINGS.new(told.key), told).state
    store.put(OFFERINGS.collection, {"_id": told.key, **OFFERINGS.dump(held)})


async def deliver(client: httpx.AsyncClient, body: bytes, name: str = "ou-hook", **headers: str) -> httpx.Response:
    del client.headers["authorization"]
    return await client.post(f"/v1/webhooks/{name}", content=body, headers=headers)


def ago(body: bytes, *secrets: str) -> dict[str, str]:
    return signed(body, NOW, *(secrets or (SECRET,)))


def happened(**changed: Any) -> dict[str, Any]:
    return live(changed.pop("name", "enrollment_created"), metadata={"event_time": "2026-03-01T00:10:00Z"}, **changed)


async def test_a_signed_event_is_of_the_institution_and_platform_of_its_secret(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    body = orjson.dumps(event())
    response = await deliver(client, body, **ago(body))
    assert (response.status_code, response.json()["accepted"]) == (202, 1)
    assert [(said.tenant, said.platform, said.id) for said in publisher.events] == [("ou", "moodle", "e1")]


async def test_a_batch_is_sorted_out(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    body = orjson.dumps([event("e1"), 7])
    response = await deliver(client, body, **ago(body, NEXT_SECRET))
    assert (response.status_code, [each["index"] for each in response.json()["refused"]]) == (202, [1])
    assert [said.id for said in publisher.events] == ["e1"]


@pytest.mark.parametrize("named", [{"tenant": "other"}, {"platform": "canvas"}])
async def test_a_secret_does_not_speak_for_others(
    client: httpx.AsyncClient, publisher: MemoryPublisher, named: dict[str, str]
) -> None:
    body = orjson.dumps(event(**named))
    response = await deliver(client, body, **ago(body))
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] in named
    assert not publisher.events


async def test_a_repeated_delivery_says_the_same_event(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    body = orjson.dumps(event())
    for _ in range(2):
        assert (await client.post("/v1/webhooks/ou-hook", content=body, headers=ago(body))).status_code == 202
    assert [said.id for said in publisher.events] == ["e1", "e1"]


@pytest.mark.parametrize("headers", [{}, {"webhook-id": "msg_1"}, signed(b"another", NOW, SECRET)])
async def test_what_is_not_signed_is_a_401(
    client: httpx.AsyncClient, publisher: MemoryPublisher, headers: dict[str, str]
) -> None:
    response = await deliver(client, orjson.dumps(event()), **headers)
    assert (response.status_code, response.headers["content-type"]) == (401, "application/problem+json")
    assert "webhook-" in response.json()["detail"]
    assert not publisher.events


async def test_a_token_is_no_signature(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/webhooks/ou-hook", json=event(), headers=as_of("ou"))
    assert response.status_code == 401


@pytest.mark.parametrize("name", ["nobody", "ou-quiz", "x" * 63, "%00", "ou-hook%2F.."])
async def test_who_is_not_registered_to_deliver_is_not_found(client: httpx.AsyncClient, name: str) -> None:
    body = orjson.dumps(event())
    assert (await deliver(client, body, name, **ago(body))).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 2000 + b"]" * 2000, b"NaN", b"a.b.c"])
async def test_a_signed_body_that_is_no_event_is_the_senders_fault(client: httpx.AsyncClient, body: bytes) -> None:
    response = await deliver(client, body, **ago(body), **{"content-type": "text/plain"})
    assert response.status_code in {400, 422}
    assert response.json()["errors"][0]["field"] in {"body", "event"}


@pytest.mark.parametrize("announced", ["application/jwt", "application/json", "text/plain", ""])
async def test_canvas_delivers_a_token_whatever_it_calls_it(
    client: httpx.AsyncClient, publisher: MemoryPublisher, announced: str
) -> None:
    response = await deliver(client, by_canvas(happened()), "ou-canvas", **{"content-type": announced})
    assert (response.status_code, response.json()["accepted"]) == (202, 1)
    (said,) = publisher.events
    assert isinstance(said, LearnerRegistered)
    assert (said.tenant, said.platform, said.data.offering) == ("ou", "canvas", a.OFFERING)


async def test_either_key_of_canvas_holds_and_extra_credit_is_noted(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    body = by_canvas(happened(name="grade_change", score=5, points_possible=1), "canvas-1")
    response = await deliver(client, body, "ou-canvas")
    assert [note["field"] for note in response.json()["notes"]] == ["body.score"]
    (said,) = publisher.events
    assert isinstance(said, ResultReported)
    assert said.data.score == 1


async def test_another_institutions_canvas_signs_with_the_same_keys_and_is_refused(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    strange = happened()
    strange["metadata"]["root_account_uuid"] = "somebody-else"
    response = await deliver(client, by_canvas(strange), "ou-canvas")
    assert response.status_code == 401
    assert not publisher.events


@pytest.mark.parametrize(
    "body",
    [
        orjson.dumps(happened()),
        by_canvas(happened(), "tool-1"),
        by_canvas(happened(), algorithm="RS512"),
        by_canvas(happened() | {"exp": 1}),
        by_canvas(happened() | {"exp": "never"}),
        by_canvas(happened())[:-4],
        by_canvas([1]),
        by_canvas(b"not JSON"),
        by_canvas(b"[" * 2000 + b"]" * 2000),
        by_canvas(orjson.dumps(happened())[:-1] + b', "x": NaN}'),
        by_canvas({"metadata": []}),
        b"eyJhbGciOiJub25lIn0." + by_canvas(happened()).split(b".")[1] + b".",
        b"",
        b"..",
        "ü.ü.ü".encode(),
        b"\x00",
    ],
)
async def test_what_canvas_has_not_signed_is_a_401(
    client: httpx.AsyncClient, publisher: MemoryPublisher, body: bytes
) -> None:
    response = await deliver(client, body, "ou-canvas", **{"content-type": "application/jwt"})
    assert response.status_code == 401
    assert not publisher.events


@pytest.mark.parametrize("strange", [b"1" + b"0" * 400, b"[" * 40 + b"]" * 40, b"-1e999", b'"\\ud800"'])
async def test_what_canvas_has_signed_is_still_judged(client: httpx.AsyncClient, strange: bytes) -> None:
    body = by_canvas(orjson.dumps(happened())[:-1] + b', "x": ' + strange + b"}")
    response = await deliver(client, body, "ou-canvas")
    assert response.status_code in {202, 400, 401}


async def test_courses_that_deliver_nothing_are_passed_over_and_said(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    body = by_canvas(happened(course_id="21070000000000999"))
    response = await deliver(client, body, "ou-canvas")
    assert (response.status_code, response.json()["accepted"]) == (202, 0)
    assert "21070000000000999" in response.json()["refused"][0]["reason"]
    assert not publisher.events


async def test_a_line_item_that_delivers_nothing_is_refused_by_name(client: httpx.AsyncClient) -> None:
    body = orjson.dumps({"lineItem": "https://lms.example.org/items/8", "issuer": ISSUER, "score": BODY})
    response = await deliver(client, body, "ou-relay", **ago(body))
    assert response.status_code == 422
    assert "items/8" in response.json()["detail"]


async def test_a_score_is_passed_on_by_whoever_has_it(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    score = BODY | {"timestamp": "2026-03-01T00:30:00.5Z"}
    body = orjson.dumps({"lineItem": CANVAS_EXAM, "issuer": ISSUER, "score": score})
    response = await deliver(client, body, "ou-relay", **ago(body))
    assert response.status_code == 202
    (said,) = publisher.events
    assert isinstance(said, ResultReported)
    assert (said.platform, said.data.component, said.data.attempt) == ("an-lms", "exam", "grade")


async def test_events_that_say_nothing_are_taken(client: httpx.AsyncClient, publisher: MemoryPublisher) -> None:
    response = await deliver(client, by_canvas(live("course_completed")), "ou-canvas")
    assert (response.status_code, response.json()) == (202, {"accepted": 0, "refused": [], "notes": []})
    assert not publisher.events


async def test_whoever_reads_live_events_from_a_queue_sends_them_with_a_token(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    response = await client.post("/v1/canvas/events", json=[happened(), happened(name="grade_change")])
    assert (response.status_code, response.json()["accepted"]) == (202, 2)
    assert (await client.post("/v1/canvas/events", json=happened(), headers=as_of("ou", "read"))).status_code == 403
