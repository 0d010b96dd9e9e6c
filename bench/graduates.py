"""Passes as the assessment service says them, of any offering; and the demonstration's richest one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from bench.grading import TENANT
from deploy.cli.demo_data.courses import courses
from deploy.cli.demo_data.reports import TERM, Reporter
from deploy.cli.demo_data.stories import Attempt, Story
from services.assessment.facts.progress import Progress
from services.assessment.handlers import learner_enrolled, offering_published, result_reported
from services.assessment.store import OFFERINGS, progress_key
from shared.contracts.assessment import LearnerPassed
from shared.contracts.enrolment import Enrolment, LearnerEnrolled, OfferingPublished
from shared.contracts.envelope import derived_id
from shared.contracts.platform import ResultReported
from shared.kit.bindings import Beside, Place

RICHEST = "data-literacy-2025"
"""All members that the demonstration's offerings have, and two pieces of work to show."""

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_STEP = timedelta(seconds=7)
_NOWHERE = Place("", 0, 0)
_MARKS = (160, 200)
"""Least and best, in halves of a percent: all of them pass every offering here."""


def rich() -> OfferingPublished:
    """Return the demonstration's richest offering."""
    (course,) = (each for each in courses() if each.offering.offering == RICHEST)
    return Reporter(TENANT).offering(course)


def passes(offering: OfferingPublished, count: int, seed: int = 2026) -> Iterator[LearnerPassed]:
    """Yield the pass of each of so many learners: all components are marked, and then they get their place."""
    held = offering_published(OFFERINGS.new(offering.key), offering).state
    beside = Beside(held, _NOWHERE)
    dice = Random(seed)
    for number in range(count):
        place = _place(offering, f"learner-{number:06d}", _BEGIN + number * _STEP)
        progress = Progress.new(progress_key(place))
        for result in _results(offering, place, dice):
            progress = result_reported(progress, result, beside).state
        said = learner_enrolled(progress, place, beside).says
        yield from (each for each in said if isinstance(each, LearnerPassed))


def is_rich(offering: OfferingPublished) -> bool:
    """Tell whether passes of an offering have work to show and a term; plain ones have marks only."""
    return offering.data.offering == RICHEST


def _place(offering: OfferingPublished, learner: str, time: datetime) -> LearnerEnrolled:
    term = TERM if is_rich(offering) else None
    registration = derived_id(learner, "registered")
    return LearnerEnrolled(
        id=derived_id(learner, "enrolled"),
        source="bench",
        time=time,
        tenant=TENANT,
        platform="bench",
        learner_ref=learner,
        data=Enrolment(offering=offering.data.offering, registration_id=registration, term=term),
    )


def _results(offering: OfferingPublished, place: LearnerEnrolled, dice: Random) -> Iterator[ResultReported]:
    attempts = tuple(
        Attempt(derived_id(place.learner_ref, each.id), each.id, place.time, dice.randint(*_MARKS) / 2)
        for each in offering.data.policy.components
    )
    for event in Reporter(TENANT).story(Story(place.learner_ref, offering.data.offering, (), attempts)):
        if isinstance(event, ResultReported):
            shown = event.data.evidence if is_rich(offering) else ()
            yield event.model_copy(update={"data": event.data.model_copy(update={"evidence": shown})})
