"""From a fact to the standing: bounded, and by the short way where marks and weights are all there is. Pure."""

from services.assessment.domain import grade as grade_of
from services.assessment.domain import scores
from services.assessment.facts.offering import Offering
from services.assessment.facts.progress import Progress
from services.assessment.grading.deciding import settled
from services.assessment.grading.judging import judge
from services.assessment.grading.outcomes import assessed, passed, withdrawn
from services.assessment.grading.versions import begun_under
from shared.contracts.envelope import LearnerEvent
from shared.kit.bindings import Beside, Folded
from shared.kit.errors import RecordRefused

#: Bounds of one document, far below MongoDB's 16 MiB: a platform that runs away must not stop a partition.
MAX_FACTS = 5_000
MAX_EVIDENCE = 100


def noted(before: Progress, after: Progress, event: LearnerEvent, beside: Beside[Offering]) -> Folded[Progress]:
    """Fold a fact that was noted.

    Raises:
        RecordRefused: the document holds as much as it may.

    """
    if after is before:
        return Folded(before)
    if after.facts > MAX_FACTS:
        raise RecordRefused("data.offering", f"this learner has {MAX_FACTS} facts on this offering; no more are taken")
    if after.evidence and after.pieces > MAX_EVIDENCE:
        raise RecordRefused(
            "data.evidence",
            f"this learner has {MAX_EVIDENCE} pieces of evidence on this offering; send the result without",
        )
    return _settle(before, after, event, beside)


def again(progress: Progress, event: LearnerEvent, beside: Beside[Offering]) -> Folded[Progress]:
    """Fold that something beside the document changed; the same object if that changes nothing here."""
    folded = _settle(progress, progress, event, beside)
    return Folded(progress) if folded.state == progress else folded


def _settle(before: Progress, after: Progress, event: LearnerEvent, beside: Beside[Offering]) -> Folded[Progress]:
    """Decide the standing anew, and say what is new about it."""
    offering = beside.document
    if offering is None or not offering.version:
        return Folded(after)
    version, so_far = begun_under(after, offering), after.policy_version
    moved = so_far is not None and so_far != version
    # What is published, enrolled and marked, and no more: most learners, and the way of most events.
    if moved or after.around is not None or offering.rulings or not offering.policies[version].plain:
        return settled(before, after, event, offering)
    if not after.ever_enrolled:
        return Folded(after)
    policy = offering.policies[version]
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
        judged = judge(after, policy, offering) if policy.rules is not None else None
        says.append(passed(after, policy, scored, event, judged) if after.passed else withdrawn(after, event))
    return Folded(after, tuple(says))
