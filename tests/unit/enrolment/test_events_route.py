import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.enrolment.examples import EVENT_EXAMPLE
from shared.contracts.envelope import Event
from shared.kit.errors import PublishFailed
from shared.testing.memory import MemoryPublisher
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.tokens import as_of

ONE = "application/cloudevents+json"
MANY = "application/cloudevents-batch+json"


def event(id_: str = "e1", **changed: Any) -> dict[str, Any]:
    raw = {
        "specversion": "1.0",
        "id": id_,
        "source": "https://lms.example.org",
        "type": "microcred.result.reported.v1",
        "time": "2026-03-01T00:30:00Z",
        "learnerref": "learner-1",
        "data": {"offering": a.OFFERING, "component": "exam", "score": 12.5, "max_score": 15},
        **changed,
    }
    return {name: value for name, value in raw.items() if value is not None}


def scored(**data: Any) -> dict[str, Any]:
    return event(data={"offering": a.OFFERING, "component": "exam", **data})


async def post(
    client: httpx.AsyncClient, content: Any, content_type: str | None = None, **headers: str
) -> httpx.Response:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    announced = content_type or (MANY if isinstance(content, list) else ONE)
    return await client.post("/v1/events", content=body, headers={"Content-Type": announced, **headers})


@pytest.mark.parametrize("content_type", [ONE, "application/json", "Application/JSON; charset=utf-8"])
async def test_one_event_is_appended_with_the_callers_tenant(
    client: httpx.AsyncClient, publisher: MemoryPublisher, content_type: str
) -> None:
    response = await post(client, event(), content_type)
    assert (response.status_code, response.json()) == (202, {"accepted": 1, "refused": []})
    (said,) = publisher.log
    wire = orjson.loads(said.value)
    assert (said.topic, said.key) == ("platform.events", b"learner-1")
    assert (wire["tenant"], wire["id"], wire["data"]["score"]) == ("ou", "e1", 12.5)
    assert wire["traceparent"] == response.headers["traceparent"]


@pytest.mark.parametrize("content_type", [MANY, "application/json"])
async def test_a_batch_is_appended_in_order_without_what_was_refused(
    client: httpx.AsyncClient, publisher: MemoryPublisher, content_type: str
) -> None:
    batch = [event("e0"), event("e1", time="2999-01-01T00:00:00Z"), 7, event("e3"), scored(score=16, max_score=15)]
    response = await post(client, batch, content_type)
    assert response.status_code == 202
    answer = response.json()
    assert answer["accepted"] == 2
    assert [(each["index"], each["id"], each["field"]) for each in answer["refused"]] == [
        (1, "e1", "time"),
        (2, None, "event"),
        (4, "e1", "data"),
    ]
    assert "above max_score" in answer["refused"][2]["reason"]
    assert [said.id for said in publisher.events] == ["e0", "e3"]


async def test_a_batch_of_which_nothing_is_taken_is_a_problem(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    response = await post(client, [event(type="microcred.learner.cloned.v1"), event(learnerref="a b")])
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [(each["index"], each["field"]) for each in response.json()["refused"]] == [(0, "type"), (1, "learnerref")]
    assert not publisher.events


@pytest.mark.parametrize(
    ("bad", "field", "reason"),
    [
        (event(type="microcred.learner.cloned.v1"), "type", "not known on platform.events"),
        (event(type=None), "type", "missing"),
        (event(id=None), "id", "required"),
        (event(specversion="0.3"), "specversion", "1.0"),
        (event(tenant="other"), "tenant", "the token speaks for ou"),
        (event(time="2026-03-01T01:06:00Z"), "time", "future"),
        (event(time="2026-03-01T00:00:00"), "time", "timezone"),
        (event(time="yesterday"), "time", "datetime"),
        (event(time="0001-01-01T00:00:00+14:00"), "time", "outside the years"),
        (event(learnerref="Aroha T"), "learnerref", "pattern"),
        (event(traceparent="not-a-trace"), "traceparent", "pattern"),
        (scored(score=101), "data", "above max_score"),
        (scored(score=-1), "data.score", "greater than or equal to 0"),
        (scored(score="NaN"), "data.score", "finite"),
        (scored(score=1, max_score=0), "data.max_score", "greater than 0"),
        (event(data={"offering": a.OFFERING}), "data.component", "required"),
        (event(data=None), "data", "required"),
        (event(data=[1]), "data", "valid dictionary"),
        ([], "body", "1 to 1000 events, this one 0"),
        ([event()] * 1001, "body", "1 to 1000 events, this one 1001"),
    ],
)
async def test_a_bad_event_is_refused_by_field(
    client: httpx.AsyncClient, publisher: MemoryPublisher, bad: Any, field: str, reason: str
) -> None:
    response = await post(client, bad)
    assert response.status_code == 422
    (fault,) = response.json()["errors"]
    assert fault["field"] == field
    assert reason in fault["reason"]
    assert not publisher.events


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (orjson.dumps(event()).replace(b"12.5", b"NaN"), 400),
        (orjson.dumps(event()).replace(b"12.5", b"[" * 40 + b"]" * 40), 400),
        (b'{"id": "' + b"x" * 1024 * 1024 + b'"}', 413),
    ],
)
async def test_a_body_out_of_its_bounds_is_refused(client: httpx.AsyncClient, body: bytes, status: int) -> None:
    response = await post(client, body, ONE)
    assert response.status_code == status
    assert response.json()["errors"][0]["field"] == "body"


@pytest.mark.parametrize(("content", "content_type"), [([event()], ONE), (event(), MANY)])
async def test_a_body_of_another_shape_than_announced_is_refused(
    client: httpx.AsyncClient, content: Any, content_type: str
) -> None:
    response = await post(client, content, content_type)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "body"


async def test_what_is_not_json_is_not_taken(client: httpx.AsyncClient) -> None:
    response = await post(client, b"a,b", "text/csv")
    assert response.status_code == 415
    assert "text/csv" in response.json()["detail"]


@pytest.mark.parametrize(
    ("named", "of_token", "expected"),
    [(None, None, None), ("moodle", None, "moodle"), (None, "moodle", "moodle"), ("moodle", "moodle", "moodle")],
)
async def test_the_platform_is_the_tokens_where_it_has_one(
    client: httpx.AsyncClient, publisher: MemoryPublisher, named: str | None, of_token: str | None, expected: str | None
) -> None:
    await post(client, event(platform=named), **as_of("ou", platform=of_token))
    assert publisher.events[0].platform == expected


async def test_another_platform_than_the_tokens_is_refused(client: httpx.AsyncClient) -> None:
    response = await post(client, event(platform="canvas"), **as_of("ou", platform="moodle"))
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "platform"


async def test_another_institutions_events_cannot_be_written(
    client: httpx.AsyncClient, publisher: MemoryPublisher
) -> None:
    response = await post(client, [event("e1"), event("e2", tenant="ou")], **as_of("other"))
    assert response.json()["refused"][0]["field"] == "tenant"
    assert [(said.id, said.tenant) for said in publisher.events] == [("e1", "other")]


@pytest.mark.parametrize(("headers", "status"), [({"Authorization": ""}, 401), (as_of("ou", "read"), 403)])
async def test_only_reporters_may_write(
    client: httpx.AsyncClient, publisher: MemoryPublisher, headers: dict[str, str], status: int
) -> None:
    response = await post(client, event(), **headers)
    assert response.status_code == status
    assert not publisher.events


class Away(MemoryPublisher):
    """A broker that refuses."""

    async def publish(self, events: Sequence[Event]) -> None:
        raise PublishFailed(f"broker:9092 is away, {len(events)} events were not taken")


class Silent(MemoryPublisher):
    """A broker that never answers."""

    async def publish(self, events: Sequence[Event]) -> None:
        await asyncio.Event().wait()
        await super().publish(events)


@pytest.mark.parametrize("broker", [Away(), Silent()])
async def test_without_the_broker_there_is_nothing_but_a_503(
    api: FastAPI, client: httpx.AsyncClient, broker: MemoryPublisher
) -> None:
    api.state.publisher = broker
    response = await post(client, event())
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert "broker:9092" not in response.text


async def test_the_documented_example_is_taken(client: httpx.AsyncClient) -> None:
    example = {**EVENT_EXAMPLE, "time": "2026-03-01T00:00:00Z"}
    assert (await post(client, example)).status_code == 202
    shown = (await client.get("/openapi.json")).json()["paths"]["/v1/events"]["post"]["requestBody"]["content"]
    assert shown.keys() == {ONE, MANY, "application/json"}
