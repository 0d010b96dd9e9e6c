"""What a policy with all its rules makes of a learner's facts, each step in sight. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from services.assessment.domain import Attempt, Policy
from services.assessment.facts.circumstances import NOTHING, Circumstances, Release, Verdict
from services.assessment.facts.offering import Offering
from services.assessment.facts.progress import Progress
from services.assessment.facts.tries import Try
from services.assessment.grading.checks import anybody_verified
from services.assessment.grading.composing import band_of, grade_of, with_chosen, with_recognised
from services.assessment.grading.marking import Around, exact, marks
from services.assessment.grading.parts import Part
from services.assessment.grading.recognising import recognised
from shared.contracts.policy import Component
from shared.contracts.policy import Policy as Rules
from shared.kit.moments import microseconds


@dataclass(frozen=True, slots=True)
class Judgement:
    """The grade and what it is made of; `met` is whether all that is asked for a pass is there, a place left aside."""

    rules: Rules
    grade: Fraction
    parts: tuple[Part, ...]
    band: str | None
    verdict: Verdict | None
    verdict_released: bool
    unverified: tuple[str, ...]

    @property
    def counting(self) -> list[Attempt]:
        """The attempts that have a mark of this learner's own that counts, by the rule of attempts or beaten by it."""
        return [each.attempt.attempt for part in self.parts for each in part.marked if each.worth is not None]

    @property
    def decides(self) -> Literal["grade", "platform"]:
        """Who decides: the grade, or the platform's verdict."""
        return self.rules.decided_by

    @property
    def only_recognised(self) -> bool:
        """Whether something is recognised and nothing at all shown here."""
        return any(part.recognised for part in self.parts) and not any(part.shown_here for part in self.parts)

    @property
    def met(self) -> bool:
        """Tell whether the policy is met."""
        if self.decides == "platform":
            said = self.verdict is not None and self.verdict.passed and self.verdict_released
            return said and not self.unverified
        reached = self.grade >= exact(self.rules.pass_mark) and all(part.reached for part in self.parts)
        return reached and not self.only_recognised


def judge(progress: Progress, policy: Policy, offering: Offering) -> Judgement:
    """Judge a learner's facts by a policy and the institution's rulings."""
    rules, held = policy.rulebook, standing(progress)
    everybody = (each for each in offering.rulings if isinstance(each, Release))
    releases = [*held.releases.values(), *everybody]
    tries = progress.tries
    at: dict[str, list[Try]] = {}
    for each in tries:
        at.setdefault(each.attempt.component, []).append(each)
    parts = [_part(rules, component, at.get(component.id, ()), held, releases) for component in rules.components]
    parts = with_chosen(rules, with_recognised(rules, parts))
    grade = grade_of(parts)
    verdict = _decision(held.verdicts.values())
    return Judgement(
        rules=rules,
        grade=grade,
        parts=tuple(parts),
        band=band_of(rules, grade),
        verdict=verdict,
        verdict_released=verdict is not None and _released(rules, verdict, releases),
        unverified=tuple(each.component.id for each in parts if each.component.identity and not _sat(each, held)),
    )


def _decision(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Return the latest verdict that is one: a passing status that only comes again undoes no revoked certificate."""
    said: dict[str | None, bool] = {}
    latest = None
    for each in sorted(verdicts, key=lambda each: (each.time, each.id)):
        if each.by is None or said.get(each.by) is not each.passed:
            latest = each
        said[each.by] = each.passed
    return latest


def standing(progress: Progress) -> Circumstances:
    """Return a learner's circumstances without what was taken back."""
    held, voided = progress.around or NOTHING, progress.voided
    if not voided:
        return held
    return held._replace(
        verdicts={id_: each for id_, each in held.verdicts.items() if id_ not in voided},
        recognitions={id_: each for id_, each in held.recognitions.items() if id_ not in voided},
        checks={id_: each for id_, each in held.checks.items() if id_ not in voided},
    )


def _part(
    rules: Rules, component: Component, tries: Sequence[Try], held: Circumstances, releases: Sequence[Release]
) -> Part:
    granted = [each for each in held.extensions.values() if each.component == component.id]
    latest = max(granted, key=lambda each: (each.time, each.id), default=None)
    due = latest.due if latest else microseconds(component.due) if component.due else None
    checks = [each for each in held.checks.values() if each.component == component.id]
    around = Around(rules, component, due, releases, checks)
    marked, score = marks(around, [each for each in tries if not each.carried_over])
    brought = [each for each in tries if each.carried_over and each.final and around.released(each)]
    elsewhere = recognised(component, held.recognitions.values(), brought) if score is None else None
    return Part(component, marked, score, score is not None, due, elsewhere)


def _released(rules: Rules, verdict: Verdict, releases: Sequence[Release]) -> bool:
    whole = (each for each in releases if each.component is None)
    return not rules.awaits_release or any(verdict.time <= each.time for each in whole)


def _sat(part: Part, held: Circumstances) -> bool:
    return anybody_verified(each for each in held.checks.values() if each.component == part.component.id)
