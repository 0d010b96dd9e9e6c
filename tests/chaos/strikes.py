"""What struck, how often, and how long it took until all was folded again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

ALL = "all"
"""Stands for the services where a fault strikes what they share: it counts once."""


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault that was injected; `seconds` from the blow (a killed worker) or from its end until all was folded."""

    fault: str
    service: str
    weight: int
    seconds: float
    kills: bool = False


@dataclass(slots=True)
class Strikes:
    """All of a run."""

    made: list[Strike] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many faults were injected."""
        return sum(each.weight for each in self.made)

    def faults(self) -> list[str]:
        """Return the names of all faults, in the order of their first strike."""
        return list(dict.fromkeys(each.fault for each in self.made))

    def of(self, fault: str, service: str) -> list[Strike]:
        """Return the strikes of one fault on one service."""
        return [each for each in self.made if each.fault == fault and each.service == service]


def worst(strikes: Iterable[Strike]) -> float:
    """Return the longest time until all was folded again."""
    return max((each.seconds for each in strikes), default=0.0)
