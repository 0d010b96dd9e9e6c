"""The shape of a Caliper 1.1 or 1.2 envelope and what stands in it, as far as it is read (Caliper 1.1, sections 4, 5).

`data` may mix events and entities, and an entity may stand whole or by its IRI alone.
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from services.enrolment.platforms.statement import malformed
from shared.contracts.wire import MalformedEvent

_CONTEXT = "http://purl.imsglobal.org/ctx/caliper/"
VERSIONS = frozenset({_CONTEXT + "v1p1", _CONTEXT + "v1p2"})
Text = Annotated[str, Meta(max_length=2000)]
Number = float | None


class Envelope(Struct, rename="camel", frozen=True, gc=False):
    """What a sensor sends (section 5.1)."""

    sensor: Any
    send_time: Text
    data_version: Text
    data: list[Raw]


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


_ENVELOPE = msgspec.json.Decoder(Envelope)
_ITEM = msgspec.json.Decoder(Item)


def envelope(body: bytes) -> Envelope:
    """Return the envelope of a body, its data undecoded.

    Raises:
        MalformedEvent: it is none, or of another version.

    """
    try:
        found = _ENVELOPE.decode(body)
    except msgspec.DecodeError as error:
        raise malformed(error) from error
    if found.data_version not in VERSIONS:
        known = ", ".join(sorted(VERSIONS))
        raise MalformedEvent("dataVersion", f"{found.data_version[:200]} is not taken; send {known}")
    return found


def item(raw: Raw) -> Item:
    """Return one member of an envelope's data.

    Raises:
        MalformedEvent: it is neither an event nor an entity.

    """
    try:
        return _ITEM.decode(raw)
    except msgspec.DecodeError as error:
        raise malformed(error) from error
