"""One pure function for each event: the facts grow, and what follows from them is said."""

from services.assessment.domain import Attempt, Component, Offering, Policy, scores
from services.assessment.domain import grade as grade_of
from services.assessment.outcomes import assessed, passed, withdrawn
from services.assessment.progress import Placement, Progress, Study
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.envelope import LearnerEvent
from shared.contracts.fanout import OfferingArrived
from shared.contracts.platform import ResultReported, ResultVoided
from shared.kit.errors import RecordRefused
from shared.kit.moments import microseconds
from shared.kit.worker import Beside, Folded

#: Bounds of one document, far below MongoDB's 16 MiB: a platform that runs away must not stop a partition.
MAX_FACTS = 5_000
MAX_POLICIES = 100
MAX_EVIDENCE = 100


def offering_published(offering: Offering, event: OfferingPublished) -> Folded[Offering]:
    """Keep one more version of the offering's policy."""
    told = event.data.policy
    components = tuple(Component(each.id, each.weight, each.title) for each in told.components)
    policy = Policy(told.version, components, told.pass_mark, told.attempts)
    after = offering.published(microseconds(event.time), event.id, policy)
    if len(after.policies) > MAX_POLICIES:
        raise RecordRefused("data.policy", f"the offering has had {MAX_POLICIES} policies; publish a new offering")
    return Folded(after)


def learner_enrolled(progress: Progress, event: LearnerEnrolled, beside: Beside[Offering]) -> Folded[Progress]:
    """Note the place; what was held for it is graded now."""
    placement = Placement(microseconds(event.time), event.data.registration_id, True)
    return _noted(progress, progress.placed(placement, Study(event.data.role, event.data.term)), event, beside)


def learner_unenrolled(progress: Progress, event: LearnerUnenrolled, beside: Beside[Offering]) -> Folded[Progress]:
    """Note that the place ended; a pass does not outlive it."""
    placement = Placement(microseconds(event.time), event.data.registration_id, False)
    return _noted(progress, progress.placed(placement), event, beside)


def result_reported(progress: Progress, event: ResultReported, beside: Beside[Offering]) -> Folded[Progress]:
    """Note the attempt and grade it."""
    data = event.data
    attempt = Attempt(event.id, data.component, microseconds(event.time), data.score, data.max_score)
    evidence = tuple(each.model_dump(exclude_none=True) for each in data.evidence)
    return _noted(progress, progress.with_attempt(attempt, evidence), event, beside)


def result_voided(progress: Progress, event: ResultVoided, beside: Beside[Offering]) -> Folded[Progress]:
    """Take a result back, also one that is still to come."""
    return _noted(progress, progress.without_result(event.data.result_id), event, beside)


def offering_arrived(progress: Progress, event: OfferingArrived, beside: Beside[Offering]) -> Folded[Progress]:
    """Grade what was held until the offering became known."""
    return _settled(progress, progress, event, beside) if progress.waiting_for else Folded(progress)


def _noted(before: Progress, after: Progress, event: LearnerEvent, beside: Beside[Offering]) -> Folded[Progress]:
    if after is before:
        return Folded(before)
    if after.facts > MAX_FACTS:
        raise RecordRefused("data.offering", f"this learner has {MAX_FACTS} facts on this offering; no more are taken")
    if after.evidence and after.pieces > MAX_EVIDENCE:
        raise RecordRefused(
            "data.evidence",
            f"this learner has {MAX_EVIDENCE} pieces of evidence on this offering; send the result without",
        )
    return _settled(before, after, event, beside)


def _settled(before: Progress, after: Progress, event: LearnerEvent, beside: Beside[Offering]) -> Folded[Progress]:
    """Decide the standing anew, and say what is new about it."""
    offering = beside.document
    if offering is None or not after.ever_enrolled:
        return Folded(after)
    policy = offering.policies[after.policy_version or offering.version]
    counted = after.counted
    scored = scores(policy, counted)
    grade = grade_of(policy, scored)
    after = after.standing(policy.version, passed=after.enrolled and policy.met_by(grade))
    graded_before = before.attempts if before.policy_version else ()
    says: list[LearnerEvent] = [
        assessed(after, attempt, grade, event)
        for attempt in counted
        if attempt.id not in graded_before and attempt.component in policy.weights
    ]
    if after.passed != before.passed:
        says.append(passed(after, policy, scored, event) if after.passed else withdrawn(after, event))
    return Folded(after, tuple(says))
