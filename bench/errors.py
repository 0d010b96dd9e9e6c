"""What can spoil a measurement.

BenchError
├── ContenderFailed a measured process ended with an error, or stood still
├── PeerMissing     a peer that cannot live beside our versions has no environment yet
└── EffectsLost     the run did not end in exactly what its events must end in: its figure is worth nothing
"""

from pathlib import Path


class BenchError(Exception):
    """A measurement that gives no figure."""


class ContenderFailed(BenchError):
    """A measured process ended with an error, or stood still."""

    def __init__(self, name: str, log: Path, tail: str) -> None:
        """Name the process, and show the end of its log: the folder that holds it does not outlive the bench."""
        super().__init__(f"{name} gave no result; the end of {log.name}:\n{tail}")


class PeerMissing(BenchError):
    """A peer that cannot live beside our versions has no environment yet."""

    def __init__(self, name: str, python: Path) -> None:
        """Name the peer and the cure."""
        super().__init__(f"{name}: {python} is missing; `make bench` makes it, or `deploy/environment quix`")


class EffectsLost(BenchError):
    """Documents or events are missing, doubled or different."""

    def __init__(self, name: str, what: str, found: int, expected: int) -> None:
        """Name the contender and the kind of effect."""
        super().__init__(f"{name}: {found} {what} are right and {expected} were expected; a run that loses is no run")
