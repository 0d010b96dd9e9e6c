"""Events about one learner on one offering, and a fold that also checks that folding twice is folding once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import bson

from services.assessment.grading.telling import arrival, behind, news
from services.assessment.store import OFFERINGS, PROGRESS
from services.assessment.stream import worker
from shared.contracts.assessment import LearnerAssessed, LearnerPassed, Pass, PassWithdrawn
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.envelope import Event, LearnerEvent
from shared.contracts.platform import ResultReported, ResultVoided
from shared.contracts.rulings import AllInformed, OfferingRuling
from shared.kit.bindings import Beside, Handler, Place
from shared.testing.matching import matches

if TYPE_CHECKING:
    from services.assessment.facts.offering import Offering

TENANT, LEARNER, OFFERING = "ou", "learner-1", "AAA/2013J"
KEY = f"{TENANT}/{LEARNER}/{OFFERING}"
START = datetime(2026, 3, 1, tzinfo=UTC)
PLACE = Place("topic", 0, 0)
HANDLERS: dict[type[Event], Handler] = {
    kind: handler for binding in worker.bindings for kind, handler in binding.handlers.items()
}


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def offering(
    weights: Sequence[tuple[str, str]] = (("exam", "1"),), *, mark: str = "40", attempts: str = "best", minute: int = 0
) -> OfferingPublished:
    policy = {
        "components": [{"id": name, "weight": weight} for name, weight in weights],
        "pass_mark": mark,
        "attempts": attempts,
    }
    data = {
        "offering": OFFERING,
        "achievement": {"name": "Data skills", "description": "What it is", "criteria": "How to earn it"},
        "issuer": {"name": "The Open University"},
        "policy": policy,
    }
    return OfferingPublished.model_validate(
        {"id": f"offering-{minute}", "source": "test", "time": at(minute), "tenant": TENANT, "data": data}
    )


def _envelope(id_: str, minute: int, **data: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "source": "test",
        "time": at(minute),
        "tenant": TENANT,
        "learner_ref": LEARNER,
        "data": {"offering": OFFERING, **data},
    }


def enrolled(minute: int = 0, registration: str = "r1", **study: str) -> LearnerEnrolled:
    return LearnerEnrolled.model_validate(
        _envelope(f"enrolled-{registration}", minute, registration_id=registration, **study)
    )


def unenrolled(minute: int = 0, registration: str = "u1") -> LearnerUnenrolled:
    return LearnerUnenrolled.model_validate(
        _envelope(f"unenrolled-{registration}", minute, registration_id=registration)
    )


def result(
    id_: str, score: float | None, *, component: str = "exam", minute: int = 0, max_score: float = 100.0, **more: Any
) -> ResultReported:
    marked = {"component": component, "score": score, "max_score": max_score, **more}
    return ResultReported.model_validate(_envelope(id_, minute, **marked))


def voided(result_id: str, id_: str = "") -> ResultVoided:
    return ResultVoided.model_validate(_envelope(id_ or f"void-{result_id}", 0, result_id=result_id))


class Learner:
    """One learner's documents as the worker keeps them: each event folded twice, each state stored and read again."""

    def __init__(self) -> None:
        self.progress = PROGRESS.new(KEY)
        self.offering: Offering | None = None
        self.said: list[Event] = []

    def fold(self, *events: Event) -> "Learner":
        for event in events:
            if isinstance(event, OfferingPublished | OfferingRuling | AllInformed):
                self._publish(event)
            else:
                self._note(event)
        return self

    def sweep(self) -> "Learner":
        """What the kit's sweeper and teller do while something waits, or has not heard of a ruling or a version."""
        if self.progress.waiting_for and self.offering is not None:
            self._note(self.arrival())
        if (told := self.told()) is not None:
            self._note(told)
            unknown = self.offering is None or not self.offering.version
            assert unknown or self.told() is None, "who was told is found again"
        return self

    def told(self) -> Event | None:
        """What the teller tells this learner now."""
        if self.offering is None or self.progress == PROGRESS.new(KEY):
            return None
        learner, ruled = {"_id": KEY, **PROGRESS.dump(self.progress)}, OFFERINGS.dump(self.offering)
        return news(learner, ruled) if any(matches(learner, where) for where in behind(ruled)) else None

    def arrival(self) -> LearnerEvent:
        assert self.offering is not None
        waiting = {"_id": KEY, **PROGRESS.dump(self.progress)}
        return arrival(waiting, OFFERINGS.dump(self.offering))

    def _publish(self, event: OfferingPublished | OfferingRuling | AllInformed) -> None:
        before = self.offering or OFFERINGS.new(event.key)
        after = HANDLERS[type(event)](before, event).state
        assert HANDLERS[type(event)](after, event).state is after
        assert OFFERINGS.load(_stored(OFFERINGS.dump(after))) == after
        self.offering = after

    def _note(self, event: Event) -> None:
        beside = Beside(self.offering, PLACE)
        folded = HANDLERS[type(event)](self.progress, event, beside)
        again = HANDLERS[type(event)](folded.state, event, beside)
        assert again.state is folded.state, "folding an event id twice changed the state"
        assert not again.says, "folding an event id twice said something"
        self.progress = PROGRESS.load(_stored(PROGRESS.dump(folded.state)))
        assert self.progress == folded.state, "what is stored is not what was folded"
        self.said.extend(folded.says)

    @property
    def assessed(self) -> list[LearnerAssessed]:
        return [event for event in self.said if isinstance(event, LearnerAssessed)]

    @property
    def passes(self) -> list[LearnerPassed | PassWithdrawn]:
        return [event for event in self.said if isinstance(event, LearnerPassed | PassWithdrawn)]

    @property
    def passed(self) -> list[Pass]:
        """What the passes said, withdrawn or not."""
        return [event.data for event in self.said if isinstance(event, LearnerPassed)]

    @property
    def outstanding(self) -> list[str]:
        """The ids of the passes that were said and not withdrawn, in order; a second one at a time is a fault."""
        standing: list[str] = []
        for event in self.passes:
            if isinstance(event, LearnerPassed):
                standing.append(event.id)
                assert len(standing) == 1, "two passes stand at once"
            else:
                standing.remove(event.data.pass_id)
        return standing


def _stored(document: dict[str, Any]) -> dict[str, Any]:
    stored: dict[str, Any] = bson.decode(bson.encode(document))
    return stored
