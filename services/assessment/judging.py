"""What a policy with all its rules makes of a learner's facts, each step in sight. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from services.assessment.checks import anybody_verified
from services.assessment.circumstances import NOTHING, Circumstances, Release, Verdict
from services.assessment.domain import Attempt, Offering, Policy
from services.assessment.marking import NOTHING_OFF, Around, Marked, marks
from services.assessment.progress import Progress
from services.assessment.recognising import Elsewhere, recognised
from services.assessment.tries import Try
from shared.contracts.policy import Component
from shared.contracts.policy import Policy as Rules
from shared.kit.moments import microseconds


@dataclass(frozen=True, slots=True)
class Part:
    """One component as it is judged; `score` is what it counts in the grade, `own` whether the learner has a mark."""

    component: Component
    marked: tuple[Marked, ...]
    score: Fraction | None
    own: bool
    due: int | None
    elsewhere: Elsewhere | None = None
    dropped: bool = False

    @property
    def excused(self) -> bool:
        """Whether its weight leaves the grade because the learning was recognised."""
        return self.elsewhere is not None and self.elsewhere.state == "excused"

    @property
    def recognised(self) -> bool:
        """Whether it is recognised, and not shown here."""
        return self.elsewhere is not None and self.elsewhere.stands

    @property
    def reached(self) -> bool:
        """Whether the mark without which nobody passes is there."""
        mark = self.component.must_reach
        return mark is None or self.excused or (self.score is not None and self.score >= Fraction(mark))

    @property
    def shown_here(self) -> bool:
        """Whether the learner has a mark of their own that counts in the grade."""
        return self.own and not self.dropped and bool(self.component.weight)


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
        reached = self.grade >= Fraction(self.rules.pass_mark) and all(part.reached for part in self.parts)
        return reached and not self.only_recognised


def judge(progress: Progress, policy: Policy, offering: Offering) -> Judgement:
    """Judge a learner's facts by a policy and the institution's rulings."""
    rules, held = policy.rulebook, _standing(progress)
    everybody = (each for each in offering.rulings if isinstance(each, Release))
    releases = [*held.releases.values(), *everybody]
    tries = progress.tries
    parts = [_part(rules, component, tries, held, releases) for component in rules.components]
    parts = _chosen(rules, _recognised(rules, parts, held))
    grade = _grade(parts)
    verdict = max(held.verdicts.values(), key=lambda each: (each.time, each.id), default=None)
    return Judgement(
        rules=rules,
        grade=grade,
        parts=tuple(parts),
        band=_band(rules, grade),
        verdict=verdict,
        verdict_released=verdict is not None and _released(rules, verdict, releases),
        unverified=tuple(each.component.id for each in parts if each.component.identity and not _sat(each, held)),
    )


def _standing(progress: Progress) -> Circumstances:
    """Return the circumstances without what was taken back."""
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
    here = [each for each in tries if each.attempt.component == component.id]
    marked, score = marks(around, [each for each in here if not each.carried_over])
    brought = [each for each in here if each.carried_over and each.final and around.released(each)]
    elsewhere = recognised(component, held.recognitions.values(), brought) if score is None else None
    return Part(component, marked, score, score is not None, due, elsewhere)


def _recognised(rules: Rules, parts: Sequence[Part], held: Circumstances) -> list[Part]:
    """Return the parts with what was shown elsewhere counted in, as far as the policy's share allows."""
    if not held.recognises:
        return list(parts)
    dropped = sum((group.best - len(group.components)) * _weight(parts, group.components[0]) for group in rules.groups)
    whole = sum(Fraction(part.component.weight) for part in parts) + dropped
    rule = rules.recognition
    room = whole * Fraction(rule.most_percent) / 100 if rule else whole
    counted = []
    for part in parts:
        weight = Fraction(part.component.weight)
        elsewhere = part.elsewhere
        if elsewhere is not None and elsewhere.stands:
            if weight > room:
                elsewhere = replace(elsewhere, state="beyond the share")
            else:
                room -= weight
                elsewhere = elsewhere.under(rule)
            counted.append(replace(part, elsewhere=elsewhere, score=elsewhere.score))
        else:
            counted.append(part)
    return counted


def _weight(parts: Sequence[Part], component: str) -> Fraction:
    return next(Fraction(each.component.weight) for each in parts if each.component.id == component)


def _chosen(rules: Rules, parts: list[Part]) -> list[Part]:
    """Return the parts with those dropped that are not among the best of their group; ties go to the earlier one."""
    dropped: set[str] = set()
    for group in rules.groups:
        members = [part for part in parts if part.component.id in group.components]
        graded = [part for part in members if not part.excused]
        places = max(group.best - (len(members) - len(graded)), 0)
        ranked = sorted(graded, key=lambda each: each.score if each.score is not None else Fraction(-1), reverse=True)
        dropped.update(part.component.id for part in ranked[places:])
    return (
        [replace(part, dropped=True) if part.component.id in dropped else part for part in parts] if dropped else parts
    )


def _grade(parts: Sequence[Part]) -> Fraction:
    counting = [part for part in parts if not part.dropped and not part.excused]
    whole = sum((Fraction(part.component.weight) for part in counting), NOTHING_OFF)
    points = sum((Fraction(part.component.weight) * (part.score or NOTHING_OFF) for part in counting), NOTHING_OFF)
    return points / whole if whole else NOTHING_OFF


def _band(rules: Rules, grade: Fraction) -> str | None:
    begun = [band for band in rules.bands if Fraction(band.starts_at) <= grade]
    return max(begun, key=lambda band: band.starts_at).name if begun else None


def _released(rules: Rules, verdict: Verdict, releases: Sequence[Release]) -> bool:
    whole = (each for each in releases if each.component is None)
    return not rules.awaits_release or any(verdict.time <= each.time for each in whole)


def _sat(part: Part, held: Circumstances) -> bool:
    return anybody_verified(each for each in held.checks.values() if each.component == part.component.id)
