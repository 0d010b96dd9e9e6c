"""Grading: what a policy makes of a learner's attempts. Exact, so that no rounding decides about a pass."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from math import gcd, lcm
from typing import Literal, NamedTuple

from shared.contracts.policy import Policy as Rules

Ratio = tuple[int, int]
"""An exact number as (numerator, denominator > 0). `Fraction` says the same and takes ten times as long."""


class Attempt(NamedTuple):
    """One reported result; `time` in microseconds since 1970, `score` absent while the work is not marked."""

    id: str
    component: str
    time: int
    score: float | None
    max_score: float


@dataclass(frozen=True, slots=True)
class Component:
    """One assessed part of an offering; a weight of 0 is formative."""

    id: str
    weight: Decimal
    title: str | None = None


@dataclass(frozen=True)
class Policy:
    """The weighted mean of the components, in percent, against the pass mark.

    `rules` is the whole policy as it was published, where it says more than that.
    """

    version: str
    components: tuple[Component, ...]
    pass_mark: Decimal
    attempts: Literal["best", "last", "mean"]
    rules: Rules | None = None

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """The weights, in proportion, as whole numbers."""
        ratios = [component.weight.as_integer_ratio() for component in self.components]
        scale = lcm(*(bottom for _, bottom in ratios))
        return {
            component.id: top * (scale // bottom)
            for component, (top, bottom) in zip(self.components, ratios, strict=True)
        }

    @cached_property
    def whole(self) -> int:
        """The sum of `weights`."""
        return sum(self.weights.values())

    @cached_property
    def mark(self) -> Ratio:
        """The pass mark, exactly."""
        return self.pass_mark.as_integer_ratio()

    @cached_property
    def plain(self) -> bool:
        """Whether marks and weights are all that decides about a learner of whom nothing is recognised."""
        rules = self.rules
        if rules is None:
            return True
        asks = any(part.must_reach is not None or part.identity for part in rules.components)
        bounds = rules.attempts_limit is not None or rules.resit_cap is not None or rules.late is not None
        return not (asks or bounds or rules.groups or rules.awaits_release or rules.decided_by == "platform")

    @cached_property
    def rulebook(self) -> Rules:
        """The whole policy, also where it says no more than this one."""
        parts = [{"id": each.id, "title": each.title, "weight": each.weight} for each in self.components]
        simple = {"components": parts, "pass_mark": self.pass_mark, "attempts": self.attempts}
        return self.rules or Rules.model_validate(simple)

    def met_by(self, grade: Ratio) -> bool:
        """Tell whether this grade reaches the pass mark."""
        return grade[0] * self.mark[1] >= self.mark[0] * grade[1]


def policy_of(told: Rules) -> Policy:
    """Return a policy as it was published; the rules stay beside it only where it uses any."""
    components = tuple(Component(each.id, each.weight, each.title) for each in told.components)
    simple = Policy(told.version, components, told.pass_mark, told.attempts)
    return simple if simple.rulebook == told else replace(simple, rules=told)


@lru_cache(maxsize=65_536)
def percent(score: float, max_score: float) -> Ratio:
    """Return a mark in percent of its maximum, of the decimal numbers that the platform wrote: 0.1 is a tenth."""
    top, bottom = Decimal(repr(score)).as_integer_ratio()
    full, part = _exact(max_score)
    top, bottom = 100 * top * part, bottom * full
    shared = gcd(top, bottom)
    return top // shared, bottom // shared


@lru_cache(maxsize=1024)
def _exact(number: float) -> Ratio:
    return Decimal(repr(number)).as_integer_ratio()


def scores(policy: Policy, attempts: Iterable[Attempt]) -> dict[str, Ratio]:
    """Return each component's score in percent; a component without a marked attempt is missing."""
    return _SCORED[policy.attempts](policy.weights, attempts)


def grade(policy: Policy, scores: Mapping[str, Ratio]) -> Ratio:
    """Return the grade of the whole offering in percent; what is missing counts 0."""
    total, shared = 0, 1
    for component, (top, bottom) in scores.items():
        weighted = policy.weights[component] * top
        if bottom == shared:
            total += weighted
        else:
            common = lcm(shared, bottom)
            total, shared = total * (common // shared) + weighted * (common // bottom), common
    return total, shared * policy.whole


def _best(known: Container[str], attempts: Iterable[Attempt]) -> dict[str, Ratio]:
    best: dict[str, Attempt] = {}
    for attempt in attempts:
        _, component, _, score, maximum = attempt
        if score is None or component not in known:
            continue
        held = best.get(component)
        # Of one maximum the higher score is the better; only different maxima must be compared in percent.
        if held is None or (score > (held[3] or 0.0) if maximum == held[4] else _exceeds(attempt, held)):
            best[component] = attempt
    return {component: percent(score or 0.0, maximum) for component, (_, _, _, score, maximum) in best.items()}


def _last(known: Container[str], attempts: Iterable[Attempt]) -> dict[str, Ratio]:
    marked = _marked(known, attempts)
    return {
        component: _percent_of(max(these, key=lambda attempt: (attempt.time, attempt.id)))
        for component, these in marked.items()
    }


def _mean(known: Container[str], attempts: Iterable[Attempt]) -> dict[str, Ratio]:
    return {component: _mean_of(these) for component, these in _marked(known, attempts).items()}


def _mean_of(attempts: Sequence[Attempt]) -> Ratio:
    total, shared = 0, 1
    for top, bottom in map(_percent_of, attempts):
        total, shared = total * bottom + top * shared, shared * bottom
    return total, shared * len(attempts)


def _marked(known: Container[str], attempts: Iterable[Attempt]) -> dict[str, list[Attempt]]:
    marked: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        if attempt.score is not None and attempt.component in known:
            marked.setdefault(attempt.component, []).append(attempt)
    return marked


def _percent_of(attempt: Attempt) -> Ratio:
    return percent(attempt.score or 0.0, attempt.max_score)


def _exceeds(one: Attempt, other: Attempt) -> bool:
    (top, bottom), (other_top, other_bottom) = _percent_of(one), _percent_of(other)
    return top * other_bottom > other_top * bottom


_SCORED = {"best": _best, "last": _last, "mean": _mean}
