"""What assessment says: derived events, whose ids follow from what caused them."""

from collections.abc import Mapping
from typing import Any, Literal

from services.assessment.domain import Attempt, Component, Policy, Ratio, percent
from services.assessment.domain import grade as grade_of
from services.assessment.progress import Progress
from shared.contracts.achievement import ComponentResult, Evidence
from shared.contracts.assessment import LearnerAssessed, LearnerPassed, Pass, PassWithdrawn, Withdrawal
from shared.contracts.enrolment import LearnerUnenrolled
from shared.contracts.envelope import LearnerEvent, caused_by, derived_id
from shared.contracts.fanout import OfferingArrived
from shared.contracts.platform import Registration, ResultReported, ResultVoided
from shared.kit.moments import moment

SOURCE = "microcred/assessment"
#: As many as the contract takes: the latest.
MOST_EVIDENCE = 20

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


def passed(progress: Progress, policy: Policy, scored: Mapping[str, Ratio], event: LearnerEvent) -> LearnerPassed:
    """Say that the latest pass of this progress begins to stand, and what it rests on."""
    top, bottom = grade_of(policy, scored)
    study = progress.study
    return LearnerPassed(
        id=_pass_id(progress),
        learner_ref=progress.learner_ref,
        data=Pass(
            offering=progress.offering,
            grade_percent=top / bottom,
            policy_version=policy.version,
            ordinal=progress.ordinal,
            pass_mark=float(policy.pass_mark),
            components=tuple(_component(each, scored.get(each.id)) for each in policy.components),
            evidence=tuple(Evidence.model_validate(each) for each in progress.shown[-MOST_EVIDENCE:]),
            started=moment(progress.began),
            ended=max((moment(each.time) for each in progress.counted), default=None),
            role=study.role,
            term=study.term,
        ),
        **caused_by(event, SOURCE),
    )


def withdrawn(progress: Progress, event: LearnerEvent) -> PassWithdrawn:
    """Say that the latest pass of this progress stands no more."""
    pass_id = _pass_id(progress)
    return PassWithdrawn(
        id=derived_id(pass_id, "withdrawn"),
        learner_ref=progress.learner_ref,
        data=Withdrawal(offering=progress.offering, pass_id=pass_id, reason=_REASONS[type(event)]),
        **caused_by(event, SOURCE),
    )


def _pass_id(progress: Progress) -> str:
    return derived_id(progress.key, "passed", progress.ordinal)


def _component(component: Component, score: Ratio | None) -> ComponentResult:
    percent = score[0] / score[1] if score else None
    return ComponentResult(component=component.id, title=component.title, score_percent=percent)


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
