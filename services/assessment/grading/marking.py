"""One component: which of its attempts count, and what each is worth after lateness and the cap of resits. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from services.assessment.domain import percent
from services.assessment.facts.circumstances import Check, Release
from services.assessment.facts.tries import Try
from services.assessment.grading.checks import verified
from shared.contracts.policy import Component, LatePenalty
from shared.contracts.policy import Policy as Rules

State = Literal[
    "counts", "outdone", "unmarked", "provisional", "not released", "identity not verified", "beyond the limit"
]
_HOUR = 3_600_000_000
NOTHING_OFF = Fraction(0)


@dataclass(frozen=True, slots=True)
class Marked:
    """One attempt as it is judged; `worth` is its mark in percent less `penalty` points, `capped` if it is a resit."""

    attempt: Try
    number: int
    state: State
    percent: Fraction | None = None
    late_steps: int = 0
    penalty: Fraction = NOTHING_OFF
    capped: bool = False
    worth: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds the attempts at one component; `due` in microseconds since 1970."""

    rules: Rules
    component: Component
    due: int | None
    releases: Sequence[Release]
    checks: Sequence[Check]

    def released(self, attempt: Try) -> bool:
        """Tell whether an attempt's latest word may count, as far as releases go."""
        if not self.rules.awaits_release:
            return True
        return any(each.covers(self.component.id, attempt.told) for each in self.releases)


@lru_cache(maxsize=65_536)
def fraction(score: float, max_score: float) -> Fraction:
    """Return a mark in percent of its maximum."""
    return Fraction(*percent(score, max_score))


@lru_cache(maxsize=4_096)
def exact(number: Decimal) -> Fraction:
    """Return a policy's number as a fraction."""
    return Fraction(number)


def marks(around: Around, tries: Sequence[Try]) -> tuple[tuple[Marked, ...], Fraction | None]:
    """Return the attempts at one component, the first first, and what they come to; None where none counts."""
    ordered = sorted(tries, key=lambda each: each.place)
    known = verified(ordered, around.checks) if around.component.identity else None
    judged = [_judged(around, each, number, known) for number, each in enumerate(ordered, 1)]
    counting = [each for each in judged if each.worth is not None]
    if not counting:
        return tuple(judged), None
    if around.rules.attempts == "mean":
        return tuple(judged), sum((each.worth or NOTHING_OFF for each in counting), NOTHING_OFF) / len(counting)
    best = around.rules.attempts == "best"
    # Of two that are worth the same the earlier one counts.
    chosen = max(counting, key=lambda each: (each.worth or NOTHING_OFF, -each.number)) if best else counting[-1]
    shown = [each if each is chosen or each.worth is None else replace(each, state="outdone") for each in judged]
    return tuple(shown), chosen.worth


def _judged(around: Around, attempt: Try, number: int, known: set[str] | None) -> Marked:
    state = _state(around, attempt, number, known)
    marked = Marked(attempt, number, state)
    if attempt.attempt.score is None:
        return marked
    mark = fraction(attempt.attempt.score, attempt.attempt.max_score)
    if state != "counts":
        return replace(marked, percent=mark)
    steps, penalty = _late(around.rules.late, around.due, attempt.attempt.time)
    worth = max(mark - penalty, NOTHING_OFF)
    cap = around.rules.resit_cap
    capped = cap is not None and number > 1 and worth > exact(cap)
    if cap is not None and capped:
        worth = exact(cap)
    return replace(marked, percent=mark, late_steps=steps, penalty=penalty, capped=capped, worth=worth)


def _state(around: Around, attempt: Try, number: int, known: set[str] | None) -> State:
    limit = around.rules.attempts_limit
    if limit is not None and number > limit:
        return "beyond the limit"
    if attempt.attempt.score is None:
        return "unmarked"
    if not attempt.final:
        return "provisional"
    if not around.released(attempt):
        return "not released"
    if known is not None and attempt.attempt.id not in known:
        return "identity not verified"
    return "counts"


def _late(late: LatePenalty | None, due: int | None, handed_in: int) -> tuple[int, Fraction]:
    """Return how many steps an attempt is late, each one begun, and the points that it loses."""
    if late is None or due is None or handed_in <= due:
        return 0, NOTHING_OFF
    steps = -((due - handed_in) // (late.step_hours * _HOUR))
    if late.cut_off_hours is not None and handed_in > due + late.cut_off_hours * _HOUR:
        return steps, Fraction(100)
    return steps, min(steps * exact(late.percent), Fraction(100))
