"""What a bench is asked for, and what it offers to the command line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.ground import Say
from bench.report import Report


@dataclass(frozen=True, slots=True)
class Options:
    """How often, and how much: `events` in the bench's own unit."""

    runs: int
    events: int
    say: Say


@dataclass(frozen=True, slots=True)
class Bench:
    """One measurement: the load that its goal is set for, and how it is made."""

    runs: int
    events: int
    unit: str
    measure: Callable[[Options], tuple[Report, Mapping[str, str]]]
    """Return the report, and the versions of all that took part."""
