"""Why a learner passed, or did not: each component, what is missing, and the reasons in words. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.assessment.domain import Attempt, Component, Policy, Ratio, scores
from services.assessment.progress import Progress


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """One component as it counts: `attempts` have a mark that stands, `unmarked` still wait for theirs."""

    id: str
    title: str | None
    weight: Decimal
    score_percent: float | None
    attempts: int
    unmarked: int
    voided: int
    missing: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """The standing of one learner on one offering; `held` results are not graded yet."""

    learner_ref: str
    offering: str
    enrolled: bool
    passed: bool
    passes: int
    policy_version: str | None
    waiting_for: str | None
    grade_percent: float | None
    pass_mark: Decimal | None
    attempts_counted: Literal["best", "last", "mean"] | None
    components: tuple[ComponentScore, ...]
    missing: tuple[str, ...]
    held: int
    not_in_policy: tuple[str, ...]
    reasons: tuple[str, ...]


def explain(progress: Progress, policy: Policy | None) -> Explanation:
    """Explain a standing; `policy` is the one that grades it, or that would if the learner enrolled now."""
    counted = scores(policy, progress.counted) if policy else {}
    components = tuple(_component(each, progress, counted.get(each.id)) for each in policy.components) if policy else ()
    grade = progress.grade(policy) if policy else None
    known = {each.id for each in components}
    reported = {attempt.component for attempt in progress.attempts.values()}
    return Explanation(
        learner_ref=progress.learner_ref,
        offering=progress.offering,
        enrolled=progress.enrolled,
        passed=progress.passed,
        passes=progress.ordinal,
        policy_version=progress.policy_version,
        waiting_for=progress.waiting_for,
        grade_percent=_float(grade) if grade else None,
        pass_mark=policy.pass_mark if policy else None,
        attempts_counted=policy.attempts if policy else None,
        components=components,
        missing=tuple(each.id for each in components if each.missing),
        held=0 if progress.policy_version else len(progress.attempts),
        not_in_policy=tuple(sorted(reported - known)) if policy else (),
        reasons=tuple(_reasons(progress, policy, grade, components)),
    )


def _component(component: Component, progress: Progress, score: Ratio | None) -> ComponentScore:
    these = [attempt for attempt in progress.attempts.values() if attempt.component == component.id]
    voided = [attempt for attempt in these if attempt.id in progress.voided]
    return ComponentScore(
        id=component.id,
        title=component.title,
        weight=component.weight,
        score_percent=_float(score) if score else None,
        attempts=sum(map(progress.counts, these)),
        unmarked=_unmarked(these) - _unmarked(voided),
        voided=len(voided),
        missing=score is None,
    )


def _reasons(
    progress: Progress, policy: Policy | None, grade: Ratio | None, components: Iterable[ComponentScore]
) -> Iterator[str]:
    if not progress.ever_enrolled:
        yield "The learner has not been enrolled: results are held until an enrolment arrives."
    elif not progress.enrolled:
        yield "The learner has left the offering; a pass does not outlive the enrolment."
    if policy is None or grade is None:
        yield "The offering has not been published: results are held until its policy is known."
        return
    if progress.waiting_for:
        yield "The offering was published a moment ago; what was held is about to be graded."
    if policy.met_by(grade):
        yield f"The grade {_float(grade):g} reaches the pass mark {policy.pass_mark}."
        return
    yield f"The grade {_float(grade)} is below the pass mark {policy.pass_mark}."
    missing = [f"{each.id} (weight {each.weight})" for each in components if each.missing and each.weight]
    if missing:
        yield f"No marked attempt counts at {', '.join(missing)}; what is missing counts 0."


def _unmarked(attempts: Iterable[Attempt]) -> int:
    return sum(attempt.score is None for attempt in attempts)


def _float(ratio: Ratio) -> float:
    return ratio[0] / ratio[1]
