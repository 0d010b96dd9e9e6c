"""One pure function for each event: the facts grow, and what follows from them is said."""

from services.assessment.domain import Attempt, policy_of
from services.assessment.facts.circumstances import Check, Recognition, Verdict, Word
from services.assessment.facts.offering import MAX_PUBLICATIONS, Offering
from services.assessment.facts.progress import Evidence, Placement, Progress, Study
from services.assessment.grading.settling import again, noted
from shared.contracts.achievement import Evidence as Shown
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.fanout import OfferingArrived
from shared.contracts.platform import (
    IdentityChecked,
    LearningRecognised,
    ResultReported,
    ResultVoided,
    VerdictReported,
)
from shared.kit.bindings import Beside, Folded
from shared.kit.errors import RecordRefused
from shared.kit.moments import microseconds

#: Bound of an offering's document.
MAX_POLICIES = 100


def offering_published(offering: Offering, event: OfferingPublished) -> Folded[Offering]:
    """Keep one more version of the offering's policy."""
    after = offering.published(microseconds(event.time), event.id, policy_of(event.data.policy))
    if len(after.policies) > MAX_POLICIES:
        raise RecordRefused("data.policy", f"the offering has had {MAX_POLICIES} policies; publish a new offering")
    if len(after.publications) > MAX_PUBLICATIONS:
        raise RecordRefused(
            "data.policy", f"the policy has been changed to and fro {MAX_PUBLICATIONS} times; publish a new offering"
        )
    return Folded(after)


def learner_enrolled(progress: Progress, event: LearnerEnrolled, beside: Beside[Offering]) -> Folded[Progress]:
    """Note the place; what was held for it is graded now."""
    placement = Placement(microseconds(event.time), event.data.registration_id, True)
    return noted(progress, progress.placed(placement, Study(event.data.role, event.data.term)), event, beside)


def learner_unenrolled(progress: Progress, event: LearnerUnenrolled, beside: Beside[Offering]) -> Folded[Progress]:
    """Note that the place ended; a pass does not outlive it."""
    placement = Placement(microseconds(event.time), event.data.registration_id, False)
    return noted(progress, progress.placed(placement), event, beside)


def result_reported(progress: Progress, event: ResultReported, beside: Beside[Offering]) -> Folded[Progress]:
    """Note the attempt and grade it."""
    data = event.data
    attempt = Attempt(event.id, data.component, microseconds(event.time), data.score, data.max_score)
    simple = data.attempt is None and data.final and not data.carried_over
    word = None if simple else Word(data.attempt, data.final, data.carried_over)
    return noted(
        progress, progress.with_attempt(attempt, pieces_of(data.evidence) if data.evidence else (), word), event, beside
    )


def result_voided(progress: Progress, event: ResultVoided, beside: Beside[Offering]) -> Folded[Progress]:
    """Take back a result, or what else an event reported, also one that is still to come."""
    return noted(progress, progress.without_result(event.data.result_id), event, beside)


def verdict_reported(progress: Progress, event: VerdictReported, beside: Beside[Offering]) -> Folded[Progress]:
    """Note the platform's own decision; whether it counts is the policy's business."""
    verdict = Verdict(event.id, microseconds(event.time), event.data.passed, event.data.by)
    return noted(progress, progress.with_fact(verdict), event, beside)


def learning_recognised(progress: Progress, event: LearningRecognised, beside: Beside[Offering]) -> Folded[Progress]:
    """Note what was shown elsewhere."""
    data = event.data
    fact = Recognition(event.id, microseconds(event.time), data.component, data.reason)
    return noted(progress, progress.with_fact(fact, pieces_of(data.evidence)), event, beside)


def identity_checked(progress: Progress, event: IdentityChecked, beside: Beside[Offering]) -> Folded[Progress]:
    """Note who sat an attempt; a check of the account says nothing about one."""
    data = event.data
    if data.offering is None or data.component is None:
        return Folded(progress)
    check = Check(event.id, microseconds(event.time), data.component, data.attempt, data.verified)
    return noted(progress, progress.with_fact(check), event, beside)


def offering_arrived(progress: Progress, event: OfferingArrived, beside: Beside[Offering]) -> Folded[Progress]:
    """Grade what was held until the offering became known, or judged without a version that counts for it."""
    return again(progress, event, beside)


def pieces_of(shown: tuple[Shown, ...]) -> tuple[Evidence, ...]:
    """Return evidence as a document keeps it."""
    return tuple(each.model_dump(exclude_none=True) for each in shown)
