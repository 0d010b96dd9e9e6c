"""Both modes of the CloudEvents Kafka binding lead to the same event, and what is refused says what to do."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts.envelope import Event
from shared.contracts.examples import EXAMPLES
from shared.contracts.platform import ResultReported
from shared.contracts.topics import ASSESSED, PLATFORM_EVENTS, TOPICS, Topic
from shared.contracts.wire import HEADERS, ContractError, MalformedEvent, UnknownEventType, decode

STANDS_ON = [(topic, kind) for topic in TOPICS for kind in topic.events]
EACH_EVENT = pytest.mark.parametrize(
    ("topic", "kind"), STANDS_ON, ids=lambda each: each.name if isinstance(each, Topic) else each.__name__
)
REPORTED = EXAMPLES[ResultReported]


def parsed(event: Event) -> dict[str, Any]:
    return dict(json.loads(event.encode()))


def binary(event: Event, content_type: bytes | None = b"application/json") -> tuple[bytes, list[tuple[str, bytes]]]:
    attributes = parsed(event)
    data = attributes.pop("data")
    del attributes["datacontenttype"]
    headers = [(f"ce_{name}", str(value).encode()) for name, value in attributes.items()]
    return json.dumps(data).encode(), headers + ([("content-type", content_type)] if content_type else [])


def changed(**changes: Any) -> bytes:
    """The reported result with attributes changed, or members of its data; None takes one away."""
    event = parsed(REPORTED)
    for name, value in changes.items():
        where = event["data"] if name in event["data"] else event
        where[name] = value
        if value is None:
            del where[name]
    return json.dumps(event).encode()


@EACH_EVENT
def test_structured_mode_says_the_same_event(topic: Topic, kind: type[Event]) -> None:
    assert decode(topic, EXAMPLES[kind].encode(), HEADERS) == EXAMPLES[kind]


@EACH_EVENT
@pytest.mark.parametrize("content_type", [b"application/json", b"Application/JSON; charset=utf-8", None])
def test_binary_mode_says_the_same_event(topic: Topic, kind: type[Event], content_type: bytes | None) -> None:
    assert decode(topic, *binary(EXAMPLES[kind], content_type)) == EXAMPLES[kind]


def test_the_value_counts_in_structured_mode_even_with_attributes_in_headers() -> None:
    headers = [*HEADERS, ("ce_type", b"microcred.result.voided.v1"), ("ce_id", b"another")]

    assert decode(PLATFORM_EVENTS, REPORTED.encode(), headers) == REPORTED


def test_a_header_cannot_stand_for_data() -> None:
    value, headers = binary(REPORTED)

    assert decode(PLATFORM_EVENTS, value, [*headers, ("ce_data", b"{}")]) == REPORTED


@EACH_EVENT
def test_unknown_optional_fields_pass(topic: Topic, kind: type[Event]) -> None:
    event = parsed(EXAMPLES[kind])
    event |= {"sequence": "7", "data": event["data"] | {"not_known_yet": {"nested": [1, 2]}}}

    assert decode(topic, json.dumps(event).encode()) == EXAMPLES[kind]


@EACH_EVENT
def test_an_unknown_major_version_says_what_to_upgrade(topic: Topic, kind: type[Event]) -> None:
    event = parsed(EXAMPLES[kind]) | {"type": kind.TYPE.removesuffix("v1") + "v2"}

    with pytest.raises(UnknownEventType, match="newer release of microcred") as refused:
        decode(topic, json.dumps(event).encode())

    assert refused.value.field == "type"
    assert kind.TYPE in refused.value.reason


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (changed(score="12"), "data.score"),
        (changed(score=True), "data.score"),
        (changed(carried_over="yes"), "data.carried_over"),
        (changed(time=1_700_000_000), "time"),
        (changed(time="2026-01-01T00:00:00"), "time"),
        (changed(specversion=None), "specversion"),
        (changed(specversion="0.3"), "specversion"),
        (changed(learnerref=None, learner_ref="a3f81c09"), "learnerref"),
        (changed(tenant="Not a label"), "tenant"),
        (changed(type=None), "type"),
        (changed(score=float("nan")), "data.score"),
        (b"\xff\xfe", "event"),
        (b"[" * 5000, "event"),
        (b" " * (1024 * 1024 + 1), ""),
        (None, ""),
    ],
)
def test_what_the_schema_refuses_is_not_guessed_at(value: bytes | None, field: str) -> None:
    with pytest.raises(MalformedEvent) as refused:
        decode(PLATFORM_EVENTS, value)

    assert refused.value.field == field
    assert refused.value.reason


@pytest.mark.parametrize("missing", ["specversion", "type"])
def test_a_topic_with_one_event_wants_its_type_named_all_the_same(missing: str) -> None:
    event = parsed(EXAMPLES[ASSESSED.events[0]])
    del event[missing]

    with pytest.raises(MalformedEvent, match=f"{missing}: missing"):
        decode(ASSESSED, json.dumps(event).encode())


def _with(name: str, value: Any) -> Callable[[], tuple[bytes, list[Any]]]:
    def spoiled() -> tuple[bytes, list[Any]]:
        content, headers = binary(REPORTED)
        return content, [(each, value if each == name else text) for each, text in headers]

    return spoiled


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (_with("ce_tenant", b"\xff"), "headers"),
        (_with("ce_tenant", None), "tenant"),
        (_with("ce_type", None), "type"),
        (_with("content-type", b"text/xml"), "content-type"),
        (lambda: (b"<result/>", binary(REPORTED)[1]), "data"),
        (lambda: (b'{"score": NaN}', binary(REPORTED)[1]), "data"),
        (lambda: (b'{"offering": "o"}, "tenant": "other"', binary(REPORTED)[1]), "data"),
        (lambda: (b"[" * 500 + b"]" * 500, binary(REPORTED)[1]), "event"),
    ],
)
def test_bad_headers_and_bad_data_are_refused_by_name(record: Callable[[], Any], field: str) -> None:
    with pytest.raises(ContractError) as refused:
        decode(PLATFORM_EVENTS, *record())

    assert refused.value.field == field
