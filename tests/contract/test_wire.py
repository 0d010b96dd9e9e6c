"""Both modes of the CloudEvents Kafka binding lead to the same event, and what is refused says what to do."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts.envelope import Event
from shared.contracts.examples.by_type import EXAMPLES
from shared.contracts.platform import ResultReported
from shared.contracts.topics import ASSESSED, PLATFORM_EVENTS, TOPICS, Topic
from shared.contracts.wire import HEADERS, ContractError, MalformedEvent, UnknownEventType, UnknownVersion, decode
from tests.contract.later import with_unknown_fields

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
def test_unknown_optional_fields_pass_at_every_level(topic: Topic, kind: type[Event]) -> None:
    event = with_unknown_fields(parsed(EXAMPLES[kind]))

    assert decode(topic, json.dumps(event).encode()) == EXAMPLES[kind]


@EACH_EVENT
def test_unknown_attributes_in_headers_pass(topic: Topic, kind: type[Event]) -> None:
    value, headers = binary(EXAMPLES[kind])

    assert decode(topic, value, [*headers, ("ce_sequence", b"7"), ("unheard", b"of")]) == EXAMPLES[kind]


@EACH_EVENT
@pytest.mark.parametrize("version", [2, 17])
def test_an_unknown_major_version_says_what_to_upgrade(topic: Topic, kind: type[Event], version: int) -> None:
    name = kind.TYPE.removesuffix(".v1")
    event = {**parsed(EXAMPLES[kind]), "type": f"{name}.v{version}", "data": {"shaped": "otherwise"}}

    with pytest.raises(UnknownVersion) as refused:
        decode(topic, json.dumps(event).encode())

    assert refused.value.field == "type"
    assert refused.value.reason == (
        f"{name} came in v{version} and is known here in v1 only: "
        f"upgrade this service to a newer release of microcred, one that knows v{version}"
    )


def test_an_unknown_major_version_is_told_in_binary_mode_too() -> None:
    value, headers = binary(REPORTED)
    newer = [(name, b"microcred.result.reported.v2" if name == "ce_type" else text) for name, text in headers]

    with pytest.raises(UnknownVersion, match="one that knows v2"):
        decode(PLATFORM_EVENTS, value, newer)


def test_a_version_that_is_no_longer_taken_is_no_reason_to_upgrade() -> None:
    with pytest.raises(UnknownVersion, match=r"does not take v0 any more; send one that it knows$"):
        decode(PLATFORM_EVENTS, changed(type="microcred.result.reported.v0"))


@pytest.mark.parametrize("topic", [PLATFORM_EVENTS, ASSESSED])
@pytest.mark.parametrize(
    "other",
    [
        "microcred.result.regretted.v1",
        "microcred.offering.published.v2",
        "microcred.result.reported",
        "microcred.result.reported.v",
        "microcred.result.reported.v02",
        "microcred.result.reported.v2.v3",
        "microcred.result.reported.v" + "9" * 5000,
        2,
    ],
)
def test_a_type_that_is_not_of_the_topic_is_no_matter_of_versions(topic: Topic, other: object) -> None:
    with pytest.raises(UnknownEventType, match=f"not known on {topic.name}") as refused:
        decode(topic, changed(type=other))

    assert not isinstance(refused.value, UnknownVersion)
    assert refused.value.field == "type"
    assert topic.events[0].TYPE in refused.value.reason


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
