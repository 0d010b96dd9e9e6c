"""Why a learner passed, or did not: each component, what is missing, and the reasons in words. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from services.assessment.explaining.parts import ComponentScore, explained
from services.assessment.facts.circumstances import NOTHING
from services.assessment.facts.offering import Offering
from services.assessment.facts.progress import Progress
from services.assessment.grading.judging import Judgement, judge
from services.assessment.grading.versions import begun_under, judged_so_far
from shared.kit.moments import moment


@dataclass(frozen=True, slots=True)
class Explanation:
    """The standing of one learner on one offering; `held` results are not graded yet."""

    learner_ref: str
    offering: str
    enrolled: bool
    passed: bool
    passes: int
    policy_version: str | None
    began_under: str | None
    waiting_for: str | None
    grade_percent: float | None
    band: str | None
    pass_mark: Decimal | None
    decided_by: Literal["grade", "platform"] | None
    platform_verdict: bool | None
    attempts_counted: Literal["best", "last", "mean"] | None
    components: tuple[ComponentScore, ...]
    missing: tuple[str, ...]
    held: int
    not_in_policy: tuple[str, ...]
    reasons: tuple[str, ...]


def explain(progress: Progress, offering: Offering | None) -> Explanation:
    """Explain a standing, by the policy that grades it, or that would if the learner enrolled now."""
    judged = _judged(progress, offering) if offering and offering.policies else None
    components = explained(progress, judged) if judged else ()
    known = {each.id for each in components}
    reported = {attempt.component for attempt in progress.attempts.values()}
    return Explanation(
        learner_ref=progress.learner_ref,
        offering=progress.offering,
        enrolled=progress.enrolled,
        passed=progress.passed,
        passes=progress.ordinal,
        policy_version=progress.policy_version,
        began_under=judged_so_far(progress),
        waiting_for=progress.waiting_for,
        grade_percent=float(judged.grade) if judged else None,
        band=judged.band if judged else None,
        pass_mark=judged.rules.pass_mark if judged else None,
        decided_by=judged.decides if judged else None,
        platform_verdict=judged.verdict.passed if judged and judged.verdict else None,
        attempts_counted=judged.rules.attempts if judged else None,
        components=components,
        missing=tuple(each.id for each in components if each.missing),
        held=0 if progress.policy_version else len(progress.attempts),
        not_in_policy=tuple(sorted(reported - known)) if judged else (),
        reasons=tuple(_reasons(progress, offering, judged, components)),
    )


def _judged(progress: Progress, offering: Offering) -> Judgement:
    return judge(progress, offering.policies[progress.policy_version or offering.version], offering)


def _reasons(
    progress: Progress, offering: Offering | None, judged: Judgement | None, components: Sequence[ComponentScore]
) -> Iterator[str]:
    if not progress.ever_enrolled:
        yield "The learner has not been enrolled: results are held until an enrolment arrives."
    elif not progress.enrolled:
        yield "The learner has left the offering; a pass does not outlive the enrolment."
    if offering is None or judged is None:
        yield "The offering has not been published: results are held until its policy is known."
        return
    if progress.waiting_for:
        yield "The offering was published a moment ago; what was held is about to be graded."
    elif (progress.around or NOTHING).heard < len(offering.rulings):
        yield "There was a ruling on all learners a moment ago; it is about to be counted in."
    elif progress.policy_version and judged_so_far(progress) != begun_under(progress, offering):
        yield "The version of the day of enrolment came to be known a moment ago; it is about to be counted in."
    yield from _of_the_platform(judged) if judged.decides == "platform" else _of_the_grade(judged, components)


def _of_the_platform(judged: Judgement) -> Iterator[str]:
    verdict = judged.verdict
    if verdict is None:
        yield "The platform decides, and has not said anything yet."
        return
    word = "a pass" if verdict.passed else "no pass"
    yield f"The platform decides: its verdict of {moment(verdict.time):%Y-%m-%d %H:%M} UTC is {word}."
    if not judged.verdict_released:
        yield "The verdict counts once the institution has released the results."
    if judged.unverified:
        yield f"Nobody's identity was verified at {', '.join(judged.unverified)}."


def _of_the_grade(judged: Judgement, components: Sequence[ComponentScore]) -> Iterator[str]:
    mark, grade = judged.rules.pass_mark, float(judged.grade)
    reached = judged.grade >= Fraction(mark)
    if reached:
        yield f"The grade {grade:g} reaches the pass mark {mark}."
    else:
        yield f"The grade {grade} is below the pass mark {mark}."
    if judged.band is not None:
        yield f"The grade is called {judged.band}."
    for part in judged.parts:
        if not part.reached:
            yield f"{part.component.id} must reach {part.component.must_reach} %, whatever the grade."
    if judged.only_recognised:
        yield "Recognition alone is no pass: nothing that has a weight was shown here."
    missing = [
        f"{each.id} (weight {each.weight})" for each in components if each.missing and each.weight and not each.dropped
    ]
    if missing and not reached:
        yield f"No marked attempt counts at {', '.join(missing)}; what is missing counts 0."
    if judged.verdict is not None:
        word = "a pass" if judged.verdict.passed else "no pass"
        yield f"The platform says {word}, which is noted and does not decide."
