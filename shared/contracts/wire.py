"""Reading what stands on the log: CloudEvents over Kafka in structured mode (which we produce) and binary mode.

Source: CloudEvents Kafka protocol binding 1.0.2, sections 3.2 (binary) and 3.3 (structured).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Union

import orjson
from pydantic import Discriminator, TypeAdapter, ValidationError

from shared.contracts.envelope import Event
from shared.contracts.topics import Topic

CONTENT_TYPE = b"application/cloudevents+json; charset=UTF-8"
HEADERS: tuple[tuple[str, bytes], ...] = (("content-type", CONTENT_TYPE),)
MAX_BYTES = 1024 * 1024
#: Clocks differ; an event may be this far ahead of the clock that it is compared with.
CLOCK_SKEW = timedelta(minutes=5)

_REQUIRED = frozenset({"specversion", "type"})
_JSON = b"application/json"
_VERSIONED = re.compile(r"(?P<event>[a-z.]{1,100})\.v(?P<version>0|[1-9][0-9]{0,5})")

Headers = Iterable[tuple[str, bytes | None]]


class ContractError(ValueError):
    """A record that is not an event of its topic.

    ContractError
    ├── MalformedEvent   not JSON, not CloudEvents, or a field out of its bounds
    ├── UnknownEventType a type that this topic or this release does not know
    │   └── UnknownVersion  a type that it knows, in another major version
    └── EventFromFuture  a time ahead of the clock
    """

    def __init__(self, field: str, reason: str) -> None:
        """Name the field at fault and the cure."""
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class MalformedEvent(ContractError):
    """Not JSON, not CloudEvents, or a field out of its bounds."""


class UnknownEventType(ContractError):
    """A type that this topic or this release does not know."""


class UnknownVersion(UnknownEventType):
    """A type that is known here, in a major version that is not."""

    def __init__(self, event: str, found: int, known: Sequence[int]) -> None:
        """Name the event without its version, the version found, those known here, and the cure."""
        versions = ", ".join(f"v{version}" for version in known)
        cure = f"upgrade this service to a newer release of microcred, one that knows v{found}"
        if found < min(known):
            cure = f"this service does not take v{found} any more; send one that it knows"
        super().__init__("type", f"{event} came in v{found} and is known here in {versions} only: {cure}")


class EventFromFuture(ContractError):
    """A time ahead of the clock."""


@cache
def adapter_of(events: tuple[type[Event], ...]) -> TypeAdapter[Any]:
    """Return the validator of one topic's events, told apart by `type`."""
    if len(events) == 1:
        return TypeAdapter(events[0])
    union: Any = Annotated[Union[events], Discriminator("type")]  # noqa: UP007 - built from a tuple
    return TypeAdapter(union)


def decode(topic: Topic, value: bytes | None, headers: Headers = ()) -> Event:
    """Return the event of a record.

    Raises:
        ContractError: what is wrong with it, by field.

    """
    if value is None:
        raise MalformedEvent("", "the record has no value; an event is expected")
    if len(value) > MAX_BYTES:
        raise MalformedEvent("", f"the record has {len(value)} bytes; at most {MAX_BYTES} are taken")
    whole = _whole(value, dict(headers))
    try:
        # Strict and by the names on the wire: what the committed schema refuses is not guessed at here.
        event: Event = adapter_of(topic.events).validate_json(whole, strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        raise reason_of(error, topic) from error
    if missing := _REQUIRED - event.model_fields_set:
        raise MalformedEvent(min(missing), "missing; CloudEvents 1.0 requires it")
    return event


def _whole(value: bytes, headers: dict[str, bytes | None]) -> bytes:
    """Return the event in one piece, also when its attributes stand in `ce_*` headers."""
    # In structured mode the attributes may stand in headers as well; then the value is what counts (section 3.3.3).
    content_type = (headers.get("content-type") or b"").lower()
    if "ce_type" not in headers or content_type.startswith(b"application/cloudevents"):
        return value
    if not content_type.startswith(_JSON) and content_type:
        raise MalformedEvent(
            "content-type", f"{content_type.decode(errors='replace')!r} is not taken; send {_JSON.decode()}"
        )
    _refuse_other_than_json(value)
    return orjson.dumps(_attributes(headers))[:-1] + b',"data":' + value + b"}"


def _attributes(headers: dict[str, bytes | None]) -> dict[str, str]:
    try:
        # Kafka allows a header without a value: an absent attribute.
        return {
            name[3:]: text.decode() for name, text in headers.items() if name.startswith("ce_") and text is not None
        }
    except UnicodeDecodeError as error:
        raise MalformedEvent("headers", "not UTF-8") from error


def _refuse_other_than_json(value: bytes) -> None:
    try:
        orjson.loads(value)
    except ValueError as error:
        raise MalformedEvent("data", f"not JSON: {error}") from error


def reason_of(error: ValidationError, topic: Topic) -> ContractError:
    """Return the first fault of a refused event, as our own error."""
    first = error.errors(include_url=False)[0]
    tags = {event.TYPE for event in topic.events}
    path = [str(part) for part in first["loc"] if part not in tags]
    if first["type"] == "union_tag_invalid":
        return _unknown(str(first["ctx"]["tag"]), topic)
    if path == ["type"]:
        return _unknown(str(first["input"]), topic)
    if first["type"] == "union_tag_not_found":
        return MalformedEvent("type", f"missing; one of {', '.join(sorted(tags))} is expected")
    return MalformedEvent(".".join(path) or "event", first["msg"].removeprefix("Value error, "))


def _unknown(found: str, topic: Topic) -> UnknownEventType:
    versions: dict[str, list[int]] = {}
    for event in topic.events:
        name, _, version = event.TYPE.rpartition(".v")
        versions.setdefault(name, []).append(int(version))
    if (named := _VERSIONED.fullmatch(found)) and named["event"] in versions:
        return UnknownVersion(named["event"], int(named["version"]), sorted(versions[named["event"]]))
    known = ", ".join(sorted(event.TYPE for event in topic.events))
    return UnknownEventType(
        "type",
        f"not known on {topic.name} (known: {known}); if it is new, upgrade this service to a newer release of "
        "microcred, else correct the type",
    )


def refuse_the_future(event: Event, now: datetime) -> None:
    """Refuse an event whose time is ahead of `now` by more than the clock skew.

    Raises:
        EventFromFuture: with the field `time`.

    """
    if event.time > now.astimezone(UTC) + CLOCK_SKEW:
        raise EventFromFuture(
            "time", f"{event.time.isoformat()} lies in the future; send the moment it happened, in UTC"
        )
