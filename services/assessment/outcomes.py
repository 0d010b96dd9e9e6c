"""What assessment says: derived events, whose ids follow from what caused them."""

from collections.abc import Mapping
from typing import Any, Literal

from services.assessment.domain import Attempt, Ratio, percent
from services.assessment.progress import Progress
from shared.contracts.assessment import LearnerAssessed, LearnerPassed, Pass, PassWithdrawn, Withdrawal
from shared.contracts.enrolment import LearnerUnenrolled
from shared.contracts.envelope import LearnerEvent, caused_by, derived_id
from shared.contracts.fanout import OfferingArrived
from shared.contracts.platform import Registration, ResultReported, ResultVoided
from shared.kit.moments import moment

SOURCE = "microcred/assessment"

_Reason = Literal["result voided", "learner unenrolled", "later attempt"]
_REASONS: dict[type[LearnerEvent], _Reason] = {
    ResultVoided: "result voided",
    LearnerUnenrolled: "learner unenrolled",
    ResultReported: "later attempt",
}


def assessed(progress: Progress, attempt: Attempt, grade: Ratio, event: LearnerEvent) -> LearnerAssessed:
    """Say that an attempt was graded; `progress` has the policy version, `grade` is that of the whole offering."""
    score = percent(attempt.score or 0.0, attempt.max_score)
    return LearnerAssessed(
        id=derived_id(progress.key, "assessed", attempt.id),
        learner_ref=progress.learner_ref,
        # A dictionary is validated together with the envelope: this stands on the way of every event.
        data={
            "offering": progress.offering,
            "component": attempt.component,
            "result_id": attempt.id,
            "score_percent": score[0] / score[1],
            "grade_percent": grade[0] / grade[1],
            "policy_version": progress.policy_version or "",
        },
        **caused_by(event, SOURCE),
    )


def pass_changed(progress: Progress, grade: Ratio, event: LearnerEvent) -> LearnerPassed | PassWithdrawn:
    """Say that the latest pass of this progress begins to stand, or stands no more."""
    pass_id = derived_id(progress.key, "passed", progress.ordinal)
    if not progress.passed:
        return PassWithdrawn(
            id=derived_id(pass_id, "withdrawn"),
            learner_ref=progress.learner_ref,
            data=Withdrawal(offering=progress.offering, pass_id=pass_id, reason=_REASONS[type(event)]),
            **caused_by(event, SOURCE),
        )
    return LearnerPassed(
        id=pass_id,
        learner_ref=progress.learner_ref,
        data=Pass(
            offering=progress.offering,
            grade_percent=grade[0] / grade[1],
            policy_version=progress.policy_version or "",
            ordinal=progress.ordinal,
        ),
        **caused_by(event, SOURCE),
    )


def arrival(waiting: Mapping[str, Any], known: Mapping[str, Any]) -> OfferingArrived:
    """Tell a waiting progress document, as it is stored, that the document of its offering is there."""
    return OfferingArrived(
        id=derived_id(waiting["_id"], "offering arrived"),
        source=SOURCE,
        time=moment(known["time"]),
        tenant=waiting["tenant"],
        learner_ref=waiting["learner_ref"],
        data=Registration(offering=waiting["offering"]),
    )
