"""From components to the grade: the share of what is recognised, the best of each group, the weighted mean. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from services.assessment.grading.marking import NOTHING_OFF, exact
from services.assessment.grading.parts import Part
from shared.contracts.policy import Policy as Rules


def with_recognised(rules: Rules, parts: Sequence[Part]) -> list[Part]:
    """Return the parts with what was shown elsewhere counted in, as far as the policy's share allows."""
    if not any(part.elsewhere for part in parts):
        return list(parts)
    dropped = sum((group.best - len(group.components)) * _weight(parts, group.components[0]) for group in rules.groups)
    whole = sum(exact(part.component.weight) for part in parts) + dropped
    rule = rules.recognition
    room = whole * exact(rule.most_percent) / 100 if rule else whole
    counted = []
    for part in parts:
        weight = exact(part.component.weight)
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
    return next(exact(each.component.weight) for each in parts if each.component.id == component)


def with_chosen(rules: Rules, parts: list[Part]) -> list[Part]:
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


def grade_of(parts: Sequence[Part]) -> Fraction:
    """Return the weighted mean of the parts that count, in percent; what is missing counts 0."""
    counting = [part for part in parts if not part.dropped and not part.excused]
    whole = sum((exact(part.component.weight) for part in counting), NOTHING_OFF)
    points = sum((exact(part.component.weight) * (part.score or NOTHING_OFF) for part in counting), NOTHING_OFF)
    return points / whole if whole else NOTHING_OFF


def band_of(rules: Rules, grade: Fraction) -> str | None:
    """Return the name of a grade, where the policy has one."""
    begun = [band for band in rules.bands if exact(band.starts_at) <= grade]
    return max(begun, key=lambda band: band.starts_at).name if begun else None
