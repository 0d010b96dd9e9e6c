"""A worker that only counts: folding an event twice counts twice, so whatever it counts was the engine's doing."""

from dataclasses import dataclass, replace

from shared.contracts.assessment import LearnerPassed, Pass
from shared.contracts.envelope import caused_by, derived_id, utc
from shared.contracts.platform import LearnerRegistered, Registration, Result, ResultReported
from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.bindings import Document, Folded, Model
from shared.kit.errors import RecordRefused
from shared.kit.worker import Worker

SAYS_EVERY = 5
"""Each fifth event of a learner is said on `passed`."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many events of one learner were folded, and the last one's number."""

    learner_ref: str
    events: int = 0
    last: float = -1.0
    disorder: int = 0


def counted(count: Count, event: ResultReported) -> Folded[Count]:
    """Count, deliberately without looking at the event's id."""
    number = event.data.score or 0.0
    after = replace(
        count, events=count.events + 1, last=number, disorder=count.disorder + (1 if number <= count.last else 0)
    )
    if after.events % SAYS_EVERY:
        return Folded(after)
    said = LearnerPassed(
        **caused_by(event, "microcred/counting"),
        id=derived_id(event.learner_ref, after.events),
        learner_ref=event.learner_ref,
        data=Pass(offering="o", grade_percent=0, policy_version="0" * 12, ordinal=after.events),
    )
    return Folded(after, (said,))


def _load(document: Document) -> Count:
    return Count(document["_id"], document["events"], document["last"], document["disorder"])


def _dump(count: Count) -> Document:
    return {"events": count.events, "last": count.last, "disorder": count.disorder}


COUNTS = Model("counts", Count, _load, _dump)


@dataclass(slots=True)
class Refusing:
    """Counts, but refuses the events with these numbers: what a handler does that cannot take an event yet."""

    refused: set[int]

    def __call__(self, count: Count, event: ResultReported) -> Folded[Count]:
        """Refuse, or count."""
        if event.data.score in self.refused:
            raise RecordRefused("data.score", f"{event.data.score:g} is not taken")
        return counted(count, event)


def refusing_worker(refusing: Refusing) -> Worker:
    """Return a counting worker that refuses what it is told to."""
    worker = Worker("assessment")
    worker.hears(PLATFORM_EVENTS, COUNTS, {ResultReported: refusing}, key=lambda event: event.learner_ref)
    return worker


def counting_worker(service: str = "assessment") -> Worker:
    """Return the worker; its group and dead letters are named after a real service."""
    worker = Worker(service)
    worker.hears(PLATFORM_EVENTS, COUNTS, {ResultReported: counted}, key=lambda event: event.learner_ref)
    worker.counts(COUNTS, "totals", lambda _: [((("tenant", "ou"),), "learners")])
    return worker


def numbered_result(learner: str, number: int) -> ResultReported:
    """Return the learner's event of this number."""
    return ResultReported(
        id=f"{learner}-{number}",
        source="test",
        time=utc("2026-01-01T00:00:00Z"),
        tenant="ou",
        learner_ref=learner,
        data=Result(offering="o", component="c", score=number, max_score=1_000_000),
    )


def unheard(learner: str) -> LearnerRegistered:
    """Return an event that the counting worker does not hear."""
    return LearnerRegistered(
        id=f"{learner}-registered",
        source="test",
        time=utc("2026-01-01T00:00:00Z"),
        tenant="ou",
        learner_ref=learner,
        data=Registration(offering="o"),
    )
