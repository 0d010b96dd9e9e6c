"""What assessment says: derived events, whose ids follow from what caused them."""

from collections.abc import Container, Mapping, Sequence
from typing import Literal

from services.assessment.domain import Attempt, Component, Policy, Ratio, percent
from services.assessment.domain import grade as grade_of
from services.assessment.facts.circumstances import Migration, Release
from services.assessment.facts.progress import Progress
from services.assessment.grading.causes import causes
from services.assessment.grading.judging import Judgement
from shared.contracts.achievement import ComponentResult, Evidence
from shared.contracts.assessment import LearnerAssessed, LearnerPassed, Pass, PassWithdrawn, Withdrawal
from shared.contracts.enrolment import LearnerUnenrolled
from shared.contracts.envelope import LearnerEvent, caused_by, derived_id
from shared.contracts.fanout import OfferingArrived, RulingArrived
from shared.contracts.platform import IdentityChecked, LearningRecognised, ResultVoided, VerdictReported
from shared.contracts.rulings import ExtensionGranted, LearnerMigrated, ResultsReleased
from shared.kit.moments import moment

SOURCE = "microcred/assessment"
#: As many as the contract takes: the latest.
MOST_EVIDENCE = 20

_Reason = Literal["result voided", "learner unenrolled", "later attempt"]
_REASONS: Mapping[type[LearnerEvent], _Reason] = {
    ResultVoided: "result voided",
    LearnerUnenrolled: "learner unenrolled",
}
Cause = Literal["verdict", "identity check", "recognition", "release", "extension", "policy migration", "policy"]
_CAUSES: Mapping[type[LearnerEvent], Cause] = {
    VerdictReported: "verdict",
    IdentityChecked: "identity check",
    LearningRecognised: "recognition",
    ResultsReleased: "release",
    ExtensionGranted: "extension",
    LearnerMigrated: "policy migration",
    RulingArrived: "release",
    OfferingArrived: "policy",
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


def passed(  # noqa: PLR0913 - what a pass rests on
    progress: Progress,
    policy: Policy,
    scored: Mapping[str, Ratio],
    event: LearnerEvent,
    judged: Judgement | None = None,
    *,
    rulings: Sequence[Release | Migration] = (),
) -> LearnerPassed:
    """Say that the latest pass of this progress begins to stand, and what it rests on: `judged`, if it was by rules.

    `rulings` are the releases on all learners, and the migrations that led to the policy version.
    """
    top, bottom = judged.grade.as_integer_ratio() if judged else grade_of(policy, scored)
    counting = judged.counting if judged else progress.counted
    elsewhere = {each.component.id for each in judged.parts if each.recognised} if judged else set[str]()
    study = progress.study
    rests_on, left_out = causes(progress, policy, judged, rulings)
    return LearnerPassed(
        id=_pass_id(progress),
        learner_ref=progress.learner_ref,
        data=Pass(
            offering=progress.offering,
            grade_percent=top / bottom,
            policy_version=policy.version,
            ordinal=progress.ordinal,
            pass_mark=float(policy.pass_mark),
            components=tuple(_component(each, scored.get(each.id), elsewhere) for each in policy.components),
            evidence=tuple(map(Evidence.model_validate, progress.evidence_of(counting, elsewhere)[-MOST_EVIDENCE:])),
            started=moment(progress.began),
            ended=max((moment(each.time) for each in counting), default=None),
            role=study.role,
            term=study.term,
            band=judged.band if judged else None,
            decided_by="platform" if judged and judged.decides == "platform" else None,
            causes=rests_on,
            causes_left_out=left_out,
        ),
        **caused_by(event, SOURCE),
    )


def withdrawn(progress: Progress, event: LearnerEvent, moved: Cause | None = None) -> PassWithdrawn:
    """Say that the latest pass of this progress stands no more; `moved` is what has it judged by another version."""
    pass_id = _pass_id(progress)
    return PassWithdrawn(
        id=derived_id(pass_id, "withdrawn"),
        learner_ref=progress.learner_ref,
        data=Withdrawal(
            offering=progress.offering,
            pass_id=pass_id,
            reason=_REASONS.get(type(event), "later attempt"),
            cause=moved or _CAUSES.get(type(event)),
        ),
        **caused_by(event, SOURCE),
    )


def _pass_id(progress: Progress) -> str:
    return derived_id(progress.key, "passed", progress.ordinal)


def _component(component: Component, score: Ratio | None, elsewhere: Container[str]) -> ComponentResult:
    return ComponentResult(
        component=component.id,
        title=component.title,
        score_percent=score[0] / score[1] if score else None,
        recognised=True if component.id in elsewhere else None,
    )
