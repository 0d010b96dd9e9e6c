"""Figures against goals: nothing is rounded towards the goal, and less than the whole load reaches nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and its goal; `at_least` tells on which side of the goal it must lie."""

    name: str
    value: float
    unit: str
    goal: float
    at_least: bool = True
    digits: int = 0

    @property
    def met(self) -> bool:
        """Whether the number as measured, not as printed, lies on the good side."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def printed(self) -> str:
        """The number, cut on the side that makes it worse."""
        scale = 10**self.digits
        cut = floor if self.at_least else ceil
        return f"{cut(self.value * scale) / scale:.{self.digits}f}"

    def line(self, *, reached: bool) -> str:
        """Return `name: figure unit (goal G): reached|short`."""
        return f"{self.name}: {self.printed} {self.unit} (goal {self.goal:g}): {'reached' if reached else 'short'}"


def lines(figures: Sequence[Figure], *, whole: bool) -> list[str]:
    """Return the line of each figure; the last one is the bench's own, and is reached only together with the others."""
    *others, own = figures
    together = whole and all(figure.met for figure in figures)
    return [*(other.line(reached=whole and other.met) for other in others), own.line(reached=together)]
