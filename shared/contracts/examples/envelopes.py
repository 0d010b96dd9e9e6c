"""The envelopes of the examples: one learner on one offering, on the days since its publication."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.envelope import Event, LearnerEvent, derived_id

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
PLATFORM, ENROLMENT, ASSESSMENT, ISSUANCE = (
    "https://courses.ou.example",
    "microcred/enrolment",
    "microcred/assessment",
    "microcred/issuance",
)


def id_of(kind: type[Event]) -> str:
    """Return the id that the example of this event has."""
    return derived_id("example", kind.TYPE)


def envelope(kind: type[Event], source: str, day: int) -> dict[str, Any]:
    """Return the attributes of an example, so many days after the publication."""
    return {
        "id": id_of(kind),
        "source": source,
        "time": START + timedelta(days=day),
        "tenant": "ou",
        "platform": "courses.ou.example",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }


def about(kind: type[LearnerEvent], source: str, day: int, data: Any) -> LearnerEvent:
    """Return an example about the learner."""
    return kind(**envelope(kind, source, day), learner_ref="a3f81c09", data=data)
