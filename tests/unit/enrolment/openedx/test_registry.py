"""The schema registry: asked once for a number, in place while it is away, and never believed without bounds."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.enrolment.bridge.registry import MOST_BYTES, CommittedSchemas, Registry, SchemaUnknown
from services.enrolment.errors import RegistryUnavailable
from services.enrolment.platforms.avro import SchemaRefused, name_of
from shared.contracts.wire import ContractError
from shared.testing.openedx import ROOT, record, schemas
from tests.unit.enrolment.bus import Bus, on_topic

SIGNAL = ROOT + "course.enrollment.created.v1"
SCHEMA = {"schema": json.dumps(schemas()[SIGNAL])}
UNKNOWN = httpx.Response(404, json={"error_code": 40403, "message": "Schema not found"})

Answer = httpx.Response | Exception


class Asked:
    """A registry that gives these answers in turn, the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.paths = list(answers), list[str]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, stream=httpx.ByteStream(answer.content))


def registry(asked: Callable[[httpx.Request], httpx.Response], patience_s: float = 30) -> Registry:
    transport = httpx.MockTransport(asked)
    return Registry("http://registry.example/apis/ccompat/v7/", patience_s=patience_s, transport=transport)


def answered(content: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=content)


async def test_a_number_is_asked_for_once():
    asked = Asked(answered(SCHEMA))
    ours = registry(asked)
    assert {name_of(await ours.of(7, SIGNAL)) for _ in range(3)} == {f"{SIGNAL}.CloudEvent"}
    assert asked.paths == ["/apis/ccompat/v7/schemas/ids/7"]


async def test_one_that_is_away_is_asked_again_until_it_answers():
    asked = Asked(httpx.ConnectError("away"), httpx.ReadTimeout("slow"), answered({}, 503), answered(SCHEMA))
    await registry(asked).of(7, SIGNAL)
    assert len(asked.paths) == 4


@pytest.mark.parametrize(
    "answer", [httpx.ConnectError("away"), answered({}, 500), answered({}, 401), answered("no registry", 404)]
)
async def test_one_that_stays_away_ends_the_worker_and_is_no_dead_letter(answer: Answer):
    with pytest.raises(RegistryUnavailable):
        await registry(Asked(answer), patience_s=0).of(7, SIGNAL)
    bus = Bus(registry(Asked(answer), patience_s=0))
    with pytest.raises(RegistryUnavailable):
        await bus.codec.read([on_topic(record("course.enrollment.created.v1"))])


async def test_a_number_that_it_does_not_know_is_the_records_fault_and_not_asked_for_again_at_once():
    asked = Asked(UNKNOWN)
    ours = registry(asked)
    for _ in range(3):
        with pytest.raises(SchemaUnknown, match="knows no schema of number 7"):
            await ours.of(7, SIGNAL)
    assert len(asked.paths) == 1
    refused = (await Bus(ours).codec.read([on_topic(record("course.enrollment.created.v1", number=7))]))[0]
    assert isinstance(refused, ContractError)


@pytest.mark.parametrize(
    "content",
    [
        {"schema": "{"},
        {"schema": '"string"'},
        {"schema": "{}", "schemaType": "PROTOBUF"},
        {**SCHEMA, "references": [{"name": "x"}]},
        {"schema": json.dumps("x" * MOST_BYTES)},
    ],
)
async def test_a_schema_that_cannot_be_read_with_is_the_records_fault(content: dict[str, Any]):
    with pytest.raises(SchemaRefused):
        await registry(Asked(answered(content))).of(7, SIGNAL)


async def test_the_schema_of_another_signal_is_refused():
    bus = Bus(registry(Asked(answered(SCHEMA))))
    (told,) = await bus.codec.read([on_topic(record("course.persistent_grade_summary.changed.v1"))])
    assert isinstance(told, ContractError)
    assert "schema of another signal" in told.reason


async def test_a_schema_that_grew_a_field_is_read_as_it_was_written():
    """What the registry is for: a site on another release of Open edX."""
    import io

    import fastavro

    grown = json.loads(SCHEMA["schema"])
    grown["fields"].append({"name": "campaign", "type": ["null", "string"], "default": None})
    published = record("course.enrollment.created.v1")
    old = fastavro.schemaless_reader(io.BytesIO(published.value[5:]), schemas()[SIGNAL], None)
    raw = io.BytesIO()
    fastavro.schemaless_writer(raw, grown, {**old, "campaign": "spring"})  # type: ignore[dict-item]
    written = published._replace(value=published.value[:5] + raw.getvalue())
    bus = Bus(registry(Asked(answered({"schema": json.dumps(grown)}))))
    assert await bus.codec.read([on_topic(written)]) == await Bus().codec.read([on_topic(published)])


def test_without_a_registry_only_what_is_committed_is_read():
    with pytest.raises(SchemaUnknown, match="set MICROCRED_SCHEMA_REGISTRY_URL"):
        asyncio.run(CommittedSchemas().of(1, "org.openedx.learning.badge.awarded.v1"))
    with pytest.raises(SchemaUnknown):
        asyncio.run(CommittedSchemas().of(1, "../../etc/passwd"))
