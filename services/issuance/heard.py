"""What issuance hears, as facts: offerings and passes, and where they stand on the log. Pure."""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter

import orjson

from services.issuance.passes import Component, Entry, Evidence, Offering, Pass
from shared.contracts.assessment import Cause, LearnerPassed
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.topics import Topic
from shared.kit.bindings import Place

_EVIDENCE = attrgetter(*(each.name for each in fields(Evidence)))


def where(topic: Topic, place: Place) -> str:
    """Return where an event stands, as topic/partition/offset."""
    return f"{topic.name}/{place.partition}/{place.offset}"


def offering_of(event: OfferingPublished) -> Offering:
    """Return an offering as it was published."""
    data = event.data
    definition = data.model_dump_json(exclude_none=True)
    return Offering(event.tenant, data.offering, data.achievement.name, definition, event.time, event.id)


def pass_of(event: LearnerPassed, place: str, entry: Entry | None = None) -> Pass:
    """Return a pass, and what it rests on; `entry` is its credential's."""
    data = event.data
    pieces = [Evidence(*_EVIDENCE(each)) for each in data.evidence]
    # Two pieces at one address would be one thing with two names.
    distinct = {piece.url or number: piece for number, piece in enumerate(pieces)}
    return Pass(
        event.id,
        event.time,
        data.grade_percent,
        data.policy_version,
        data.ordinal,
        place,
        data.pass_mark,
        tuple(Component(each.component, each.title, each.score_percent) for each in data.components),
        tuple(distinct.values()),
        data.started,
        data.ended,
        data.role,
        data.term,
        _rows(data.causes),
        data.causes_left_out,
        data.decided_by,
        entry,
    )


def _rows(causes: Sequence[Cause]) -> str | None:
    """Return causes as JSON rows: event id, type, time, component."""
    rows = [(each.event_id, each.type, each.time, each.component) for each in causes]
    return orjson.dumps(rows).decode() if rows else None
