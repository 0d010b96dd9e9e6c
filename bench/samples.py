"""Latencies as a table: a run in a row, each a list of milliseconds."""

from collections.abc import Sequence
from math import ceil

COLUMNS = ("run", "median ms", "p90 ms", "p99 ms", "worst ms")
_SHARES = (0.5, 0.9, 0.99, 1.0)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile: a value that was measured, none between two."""
    return sorted(values)[ceil(share * len(values)) - 1]


def rows(runs: Sequence[Sequence[float]]) -> list[tuple[str, ...]]:
    """Return the rows below `COLUMNS`."""
    return [
        (str(number), *(f"{percentile(run, share):.1f}" for share in _SHARES)) for number, run in enumerate(runs, 1)
    ]
