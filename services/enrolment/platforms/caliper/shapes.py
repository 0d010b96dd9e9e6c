"""The shape of a Caliper 1.1 or 1.2 envelope and what stands in it, as far as it is read (Caliper 1.1, sections 4, 5).

`data` may mix events and entities, and an entity may stand whole or by its IRI alone.
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from services.enrolment.platforms.xapi.statement import malformed
from shared.contracts.wire import MalformedEvent

_CONTEXT = "http://purl.imsglobal.org/ctx/caliper/"
VERSIONS = frozenset({_CONTEXT + "v1p1", _CONTEXT + "v1p2"})
Text = Annotated[str, Meta(max_length=2000)]
Number = float | None


class Identifier(Struct, rename="camel", frozen=True, gc=False):
    """Another identifier of an entity (Caliper 1.2, SystemIdentifier)."""

    identifier: Text = ""
    identifier_type: Text = ""


class Entity(Struct, rename="camel", frozen=True, gc=False):
    """A person, an attempt, a score, a course or anything else: whatever of it is read."""

    id: Text = ""
    type: Text = ""
    name: Text | None = None
    other_identifiers: list[Identifier] | None = None
    assignee: "str | Entity | None" = None
    assignable: "str | Entity | None" = None
    member: "str | Entity | None" = None
    organization: "str | Entity | None" = None
    count: int | None = None
    score_given: Number = None
    normal_score: Number = None
    max_score: Number = None
    max_result_score: Number = None


class Item(Entity, rename="camel", frozen=True, gc=False, kw_only=True):
    """One member of `data`: an event has an action and a time, all else is an entity."""

    action: Text = ""
    actor: str | Entity | None = None
    object: str | Entity | None = None
    generated: str | Entity | None = None
    group: str | Entity | None = None
    event_time: Annotated[datetime, Meta(tz=True)] | None = None


class _Head(Struct, rename="camel", frozen=True, gc=False):
    sensor: Any
    send_time: Text
    data_version: Text


class _Envelope(_Head, rename="camel", frozen=True, gc=False):
    """What a sensor sends (section 5.1), its data not looked into."""

    data: list[Raw]


class _Whole(_Head, rename="camel", frozen=True, gc=False):
    """The same, as long as all of its data is well-formed."""

    data: list[Item]


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_WHOLE = msgspec.json.Decoder(_Whole)
_ITEM = msgspec.json.Decoder(Item)
Read = Item | MalformedEvent


def members(body: bytes) -> list[Read]:
    """Return the members of an envelope's data, or why one is none.

    Raises:
        MalformedEvent: the body is no envelope, or one of another version.

    """
    try:
        whole = _WHOLE.decode(body)
    except msgspec.DecodeError:
        return _one_by_one(body)
    _check(whole.data_version)
    return list(whole.data)


def _one_by_one(body: bytes) -> list[Read]:
    try:
        found = _ENVELOPE.decode(body)
    except msgspec.DecodeError as error:
        raise malformed(error) from error
    _check(found.data_version)
    return [_read(raw) for raw in found.data]


def _read(raw: Raw) -> Read:
    try:
        return _ITEM.decode(raw)
    except msgspec.DecodeError as error:
        return malformed(error)


def _check(version: str) -> None:
    if version not in VERSIONS:
        known = ", ".join(sorted(VERSIONS))
        raise MalformedEvent("dataVersion", f"{version[:200]} is not taken; send {known}")
