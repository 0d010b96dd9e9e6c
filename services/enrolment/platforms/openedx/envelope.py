"""The attributes of an Open edX event: CloudEvents in `ce_*` headers (CloudEvents Kafka binding 1.0.2, section 3.2)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from shared.contracts.wire import MalformedEvent

AVRO = "application/avro"
_LONGEST = 300
_EARLIEST, _LATEST = 1970, 9998
_TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

Headers = Iterable[tuple[str, bytes | None]]


class Envelope(NamedTuple):
    """Who says what, when: `time` in UTC, `id` as the platform named it."""

    id: str
    type: str
    source: str
    time: datetime
    traceparent: str | None = None


def envelope_of(headers: Headers) -> Envelope:
    """Return the attributes that stand in a record's headers. None is guessed: a time left out is not now.

    Raises:
        MalformedEvent: one is missing, stands there twice, or is not what it should be.

    """
    given = _read(headers)
    for name in ("ce_id", "ce_type", "ce_source", "ce_specversion", "ce_time"):
        if not given.get(name):
            raise MalformedEvent(name, "the header is missing: produce with the attributes of CloudEvents 1.0")
    if given["ce_specversion"] != "1.0":
        raise MalformedEvent("ce_specversion", "only 1.0 is taken")
    for name in ("content-type", "ce_datacontenttype"):
        if given.get(name, AVRO).partition(";")[0].strip().lower() != AVRO:
            raise MalformedEvent(name, f"only {AVRO} is taken: bind a topic of the event bus")
    trace = given.get("traceparent")
    return Envelope(
        given["ce_id"],
        given["ce_type"],
        given["ce_source"],
        moment_of("ce_time", given["ce_time"]),
        trace if trace and _TRACE.fullmatch(trace) else None,
    )


def moment_of(field: str, given: str) -> datetime:
    """Return a moment in UTC.

    Raises:
        MalformedEvent: not a time with its offset from UTC, or one that is out of all bounds.

    """
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise MalformedEvent(field, "not a time of ISO 8601, such as 2026-03-02T09:30:00+00:00") from error
    if moment.tzinfo is None:
        raise MalformedEvent(field, "without an offset from UTC it is no moment: send one, such as +00:00")
    if not _EARLIEST <= moment.year <= _LATEST:
        raise MalformedEvent(field, f"the year must lie between {_EARLIEST} and {_LATEST}")
    return moment.astimezone(UTC)


def _read(headers: Headers) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, raw in headers:
        # What others put there is none of our business, whatever it is.
        if raw is None or not (name.startswith("ce_") or name in {"content-type", "traceparent"}):
            continue
        if name in given:
            raise MalformedEvent(name, "the header stands there twice: produce with one of each")
        try:
            given[name] = raw.decode()
        except UnicodeDecodeError as error:
            raise MalformedEvent(name, "not UTF-8") from error
        if len(given[name]) > _LONGEST:
            raise MalformedEvent(name, f"longer than {_LONGEST} characters")
    return given
