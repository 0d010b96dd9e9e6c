"""What struck, how often, and how long it took until all was folded again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LAG_GOAL_S = 30.0
"""All that was on the log when a fault ended is folded within this time."""
Place = tuple[str, int]
"""A topic (without its prefix) and a partition's number."""
ALL = "all"
"""Stands for the services where a fault strikes what they share: it counts once."""


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault that was injected; `seconds` from the blow (a killed worker) or from its end until all was folded.

    `served_s`, for a killed worker, from the blow until the last of the partitions that had records was folded on;
    None where none had any. That is shown and held against nothing: here a process takes over that has to start first,
    beside five services. `silences.py` holds a worker that is there already against the promise.
    """

    fault: str
    service: str
    weight: int
    seconds: float
    kills: bool = False
    served_s: float | None = None

    @property
    def late(self) -> list[str]:
        """In words, that the lag was not gone in time; empty if it was."""
        if self.seconds <= LAG_GOAL_S:
            return []
        return [f"{self.service}: {self.fault}: folded again after {self.seconds:.1f} s, not within {LAG_GOAL_S:g}"]


@dataclass(slots=True)
class Resumption:
    """Sees partitions being served again after a blow: `waiting` has the position of each that has records now."""

    waiting: Mapping[Place, int]
    struck: float
    _served: dict[Place, float] = field(default_factory=dict)

    def see(self, positions: Mapping[Place, int], now: float) -> None:
        """Take the positions as they are now."""
        for place, position in self.waiting.items():
            if positions.get(place, 0) > position:
                self._served.setdefault(place, now)

    @property
    def whole(self) -> bool:
        """Whether each of them was folded on."""
        return self._served.keys() == self.waiting.keys()

    @property
    def seconds(self) -> float | None:
        """From the blow until the last of them was folded on; None where nothing waited."""
        return max(self._served.values()) - self.struck if self._served else None


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


def worst_served(strikes: Iterable[Strike]) -> float | None:
    """Return the longest time until a killed worker's partitions were served again; None where nobody was killed."""
    return max((each.served_s for each in strikes if each.served_s is not None), default=None)
