"""The events of the engine's benches, and what they must end in."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property

from bench.grading import COMPONENTS, OFFERING, POLICY, TENANT, key_of, learner_assessed
from services.assessment.progress import Progress
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


def _event(learner: str, number: int, place: int, dice: random.Random) -> LearnerAssessed:
    result = derived_id(learner, number)
    score = dice.randint(0, 1000) / 10
    return LearnerAssessed(
        id=derived_id(result, "assessed"),
        source="microcred/bench",
        time=_BEGIN + place * _STEP,
        tenant=TENANT,
        platform="bench",
        learner_ref=learner,
        data=GradedAttempt(
            offering=OFFERING,
            component=dice.choice(COMPONENTS),
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
