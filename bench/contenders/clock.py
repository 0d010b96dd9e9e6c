"""Notes effects as they are done, and knows when all are."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from bench.contenders.spec import Mark, Run
from shared.kit.chunk import Committed
from shared.kit.ledger import Batch
from shared.kit.telemetry import Progress

STILL_S = 45.0
"""Longer than any group takes to form: a process that does nothing for this long has lost something."""

_PAGE = 4096
_STATM = Path("/proc/self/statm")


class StoodStill(Exception):
    """Events are missing, and none came for long."""


class Clock:
    """Counts events whose effects are done; all of them on one event loop."""

    def __init__(self, expected: int) -> None:
        """Wait for this many events."""
        self._expected = expected
        self._marks: list[Mark] = []
        self._done = 0
        self._moved = asyncio.Event()

    def effect(self, events: int) -> None:
        """Note that the effects of these events are in the database and on the log."""
        self._done += events
        rss = int(_STATM.read_text().split()[1]) * _PAGE
        self._marks.append(Mark(time.perf_counter(), self._done, time.process_time(), rss))
        self._moved.set()

    async def all_done(self) -> Run:
        """Return the run when every event has had its effect.

        Raises:
            StoodStill: when nothing happened for `STILL_S` seconds.

        """
        while self._done < self._expected:
            self._moved.clear()
            try:
                await asyncio.wait_for(self._moved.wait(), STILL_S)
            except TimeoutError:
                missing = f"{self._done} of {self._expected} events had their effect"
                raise StoodStill(f"{missing}, then nothing for {STILL_S:g} s") from None
        return Run(tuple(self._marks))


class ClockedProgress(Progress):
    """The engine's own progress, with a clock that hears of each finished chunk."""

    def __init__(self, clock: Clock) -> None:
        """Tell this clock."""
        super().__init__()
        self._told = clock

    def chunk(self, batches: Sequence[Batch], committed: Committed, seconds: float) -> None:
        """Count a finished chunk, and note its effect."""
        super().chunk(batches, committed, seconds)
        self._told.effect(committed.events)
