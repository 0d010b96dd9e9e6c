"""The work of the assessment service as it ships: real results for enrolled learners, `assessed` and `passed` out."""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from bench.grading import COMPONENTS, OFFERING, TENANT
from services.assessment.facts.progress import Progress
from services.assessment.handlers import learner_enrolled, offering_published, result_reported
from services.assessment.store import OFFERINGS, PROGRESS, beside_key, progress_key
from shared.contracts.achievement import Achievement
from shared.contracts.enrolment import Enrolment, LearnerEnrolled, OfferingPublished
from shared.contracts.enrolment import Offering as Published
from shared.contracts.envelope import Event, derived_id
from shared.contracts.platform import Result, ResultReported
from shared.contracts.policy import Component
from shared.contracts.policy import Policy as PublishedPolicy
from shared.contracts.profile import Issuer
from shared.contracts.topics import ASSESSED, PASSED, TOPICS
from shared.kit.bindings import Beside, Folded, Place
from shared.kit.store import Document

if TYPE_CHECKING:
    from services.assessment.facts.offering import Offering

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_STEP = timedelta(seconds=7)
_NOWHERE = Place("", 0, 0)
_TOPIC_OF = {event: topic.name for topic in TOPICS for event in topic.events}


def offering() -> OfferingPublished:
    """Return the one offering: four components that weigh alike, 80 % to pass."""
    return OfferingPublished(
        id=derived_id(OFFERING),
        source="bench",
        time=_BEGIN,
        tenant=TENANT,
        data=Published(
            offering=OFFERING,
            achievement=Achievement(name="Statistics 1", description="Describe and test.", criteria="Pass all parts."),
            issuer=Issuer(name="Bench University"),
            policy=PublishedPolicy(
                components=tuple(Component(id=name, weight=Decimal(25)) for name in COMPONENTS), pass_mark=Decimal(80)
            ),
        ),
    )


def enrolment(learner: str) -> LearnerEnrolled:
    """Return the place of one learner."""
    return LearnerEnrolled(
        id=derived_id(learner, "enrolled"),
        source="bench",
        time=_BEGIN,
        tenant=TENANT,
        platform="bench",
        learner_ref=learner,
        data=Enrolment(offering=OFFERING, registration_id=derived_id(learner, "registered")),
    )


def results(learners: Sequence[str], count: int, seed: int = 2026) -> Iterator[ResultReported]:
    """Yield this many results in random order, the same number for each learner."""
    dice = random.Random(seed)
    order = list(range(count))
    dice.shuffle(order)
    for place, number in enumerate(order):
        learner = learners[number % len(learners)]
        yield result(learner, number, _BEGIN + (place + 1) * _STEP, dice.randint(0, 1000) / 10, dice.choice(COMPONENTS))


def result(learner: str, number: int, time: datetime, score: float, component: str) -> ResultReported:
    """Return one result."""
    return ResultReported(
        id=derived_id(learner, number),
        source="bench",
        time=time,
        tenant=TENANT,
        platform="bench",
        learner_ref=learner,
        data=Result(offering=OFFERING, component=component, score=score),
    )


class Truth:
    """What the service's events must end in, folded one by one with its own handlers and none of the machinery."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._offerings: dict[str, Offering] = {}
        self._states: dict[str, Progress] = {}
        self.said: dict[str, set[str]] = {ASSESSED.name: set(), PASSED.name: set()}

    def fold(self, event: Event) -> None:
        """Take one event more."""
        if isinstance(event, OfferingPublished):
            held = self._offerings.get(event.key) or OFFERINGS.new(event.key)
            self._offerings[event.key] = offering_published(held, event).state
        elif isinstance(event, LearnerEnrolled | ResultReported):
            key = progress_key(event)
            folded = self._handled(self._states.get(key) or Progress.new(key), event)
            self._states[key] = folded.state
            for said in folded.says:
                self.said[_TOPIC_OF[type(said)]].add(said.id)

    def _handled(self, state: Progress, event: LearnerEnrolled | ResultReported) -> Folded[Progress]:
        beside = Beside(self._offerings.get(beside_key(event)), _NOWHERE)
        if isinstance(event, LearnerEnrolled):
            return learner_enrolled(state, event, beside)
        return result_reported(state, event, beside)

    def taking(self, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events, and take each."""
        for event in events:
            self.fold(event)
            yield event

    @property
    def documents(self) -> dict[str, Document]:
        """Every progress document as it must stand in the database, by id."""
        return {key: {"_id": key, **PROGRESS.dump(state)} for key, state in self._states.items()}

    @property
    def offerings(self) -> list[Document]:
        """Every offering as it must stand in the database."""
        return [{"_id": key, **OFFERINGS.dump(held)} for key, held in self._offerings.items()]
