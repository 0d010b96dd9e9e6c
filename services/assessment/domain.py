"""Grading: what a policy makes of a learner's attempts. Exact, so that no rounding decides about a pass."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from math import gcd, lcm
from typing import Literal, NamedTuple, Self

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
    """The weighted mean of the components, in percent, against the pass mark."""

    version: str
    components: tuple[Component, ...]
    pass_mark: Decimal
    attempts: Literal["best", "last", "mean"]

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

    def met_by(self, grade: Ratio) -> bool:
        """Tell whether this grade reaches the pass mark."""
        return grade[0] * self.mark[1] >= self.mark[0] * grade[1]


@dataclass(frozen=True, slots=True)
class Offering:
    """An offering's policies, every version that was ever published; the latest by time, then event id, is in force."""

    tenant: str
    offering: str
    time: int = 0
    event_id: str = ""
    version: str = ""
    policies: Mapping[str, Policy] = field(default_factory=dict)

    def published(self, time: int, event_id: str, policy: Policy) -> Self:
        """Return the offering with one more publication; the same object if it adds nothing."""
        latest = (time, event_id) > (self.time, self.event_id)
        if not latest and policy.version in self.policies:
            return self
        known = replace(self, policies={policy.version: policy, **self.policies})
        return replace(known, time=time, event_id=event_id, version=policy.version) if latest else known


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
    marked: dict[str, list[Attempt]] = {}
    known = policy.weights
    for attempt in attempts:
        if attempt.score is not None and attempt.component in known:
            marked.setdefault(attempt.component, []).append(attempt)
    counted = _COUNTED[policy.attempts]
    return {component: counted(these) for component, these in marked.items()}


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


def _percent_of(attempt: Attempt) -> Ratio:
    return percent(attempt.score or 0.0, attempt.max_score)


def _best(attempts: Sequence[Attempt]) -> Ratio:
    best = _percent_of(attempts[0])
    for attempt in attempts[1:]:
        other = _percent_of(attempt)
        if other[0] * best[1] > best[0] * other[1]:
            best = other
    return best


def _last(attempts: Sequence[Attempt]) -> Ratio:
    return _percent_of(max(attempts, key=lambda attempt: (attempt.time, attempt.id)))


def _mean(attempts: Sequence[Attempt]) -> Ratio:
    total, shared = 0, 1
    for top, bottom in map(_percent_of, attempts):
        total, shared = total * bottom + top * shared, shared * bottom
    return total, shared * len(attempts)


_COUNTED = {"best": _best, "last": _last, "mean": _mean}
