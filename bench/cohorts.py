"""The events of the engine's benches, and what they must end in."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property

from bench.grading import COMPONENTS, OFFERING, POLICY, TENANT, key_of, learner_assessed
from services.assessment.facts.progress import Progress
from services.assessment.store import PROGRESS
from shared.contracts.assessment import GradedAttempt, LearnerAssessed
from shared.contracts.envelope import derived_id
from shared.contracts.topics import PASSED
from shared.kit.store import Document

LEARNERS = 10_000
COHORT = 200_000
"""Events after which other learners come: 20 attempts each, so documents grow alike in every cohort."""

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_STEP = timedelta(seconds=7)


def events(count: int, seed: int = 2026, *, learners: int = LEARNERS) -> Iterator[LearnerAssessed]:
    """Yield this many events; the learners of a cohort hand in in random order."""
    for cohort, first in enumerate(range(0, count, COHORT)):
        order = list(range(min(COHORT, count - first)))
        dice = random.Random(seed + cohort)
        dice.shuffle(order)
        for place, number in enumerate(order):
            yield _event(f"learner-{cohort}-{number % learners:05d}", number, first + place, dice)


def completions(learners: int, seed: int) -> tuple[list[LearnerAssessed], list[LearnerAssessed]]:
    """Return full marks of that many learners in all components but one, and those in the last: each is a pass."""
    names = [f"learner-{seed}-{number:05d}" for number in range(learners)]
    parts = [
        [_attempt(name, number, number, (component, 100.0)) for name in names]
        for number, component in enumerate(COMPONENTS)
    ]
    return [event for part in parts[:-1] for event in part], parts[-1]


def _event(learner: str, number: int, place: int, dice: random.Random) -> LearnerAssessed:
    score = dice.randint(0, 1000) / 10
    return _attempt(learner, number, place, (dice.choice(COMPONENTS), score))


def _attempt(learner: str, number: int, place: int, mark: tuple[str, float]) -> LearnerAssessed:
    component, score = mark
    result = derived_id(learner, number)
    return LearnerAssessed(
        id=derived_id(result, "assessed"),
        source="microcred/bench",
        time=_BEGIN + place * _STEP,
        tenant=TENANT,
        platform="bench",
        learner_ref=learner,
        data=GradedAttempt(
            offering=OFFERING,
            component=component,
            result_id=result,
            score_percent=score,
            grade_percent=score,
            policy_version=POLICY.version,
        ),
    )


class Truth:
    """What the events must end in, folded one by one in memory without any of the machinery that is measured."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._states: dict[str, Progress] = {}
        self.said: dict[str, set[str]] = {PASSED.name: set()}

    def fold(self, event: LearnerAssessed) -> None:
        """Take one event more."""
        key = key_of(event)
        folded = learner_assessed(self._states.get(key) or Progress.new(key), event)
        self._states[key] = folded.state
        self.said[PASSED.name].update(said.id for said in folded.says)

    def taking(self, some: Iterable[LearnerAssessed]) -> Iterator[LearnerAssessed]:
        """Yield the events, and take each."""
        for event in some:
            self.fold(event)
            yield event

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every document as it must stand in the database, by id."""
        return {key: {"_id": key, **PROGRESS.dump(state)} for key, state in self._states.items()}
