"""Notes effects as they are done, and knows when all are."""

import asyncio
import os
import time
from pathlib import Path

from bench.contenders.spec import Mark, Run
from bench.spent import parent_and_seconds

STILL_S = 45.0
"""Longer than any group takes to form: a process that does nothing for this long has lost something."""

_PAGE = 4096


def _of(process: int) -> tuple[float, int]:
    """Return the processor seconds and the memory of a process, in bytes (proc(5), /proc/pid/statm)."""
    folder = Path("/proc") / str(process)
    return parent_and_seconds(folder)[1], int((folder / "statm").read_text().split()[1]) * _PAGE


class StoodStill(Exception):
    """Events are missing, and none came for long."""


class Clock:
    """Counts events whose effects are done; all of them in one thread."""

    def __init__(self, expected: int, *, beside: int | None = None) -> None:
        """Wait for this many events; `beside` is the id of a process that is measured together with this one."""
        self._expected = expected
        self._processes = [os.getpid(), *([] if beside is None else [beside])]
        self._marks: list[Mark] = []
        self._done = 0
        self._moved = asyncio.Event()

    def effect(self, events: int) -> None:
        """Note that the effects of these events are in the database and on the log."""
        self._done += events
        spent = [_of(each) for each in self._processes]
        self._marks.append(
            Mark(time.perf_counter(), self._done, sum(cpu for cpu, _ in spent), sum(rss for _, rss in spent))
        )
        self._moved.set()

    @property
    def complete(self) -> bool:
        """Whether every event has had its effect."""
        return self._done >= self._expected

    async def all_done(self) -> Run:
        """Return the run when every event has had its effect.

        Raises:
            StoodStill: when nothing happened for `STILL_S` seconds.

        """
        while not self.complete:
            self._moved.clear()
            try:
                await asyncio.wait_for(self._moved.wait(), STILL_S)
            except TimeoutError:
                missing = f"{self._done} of {self._expected} events had their effect"
                raise StoodStill(f"{missing}, then nothing for {STILL_S:g} s") from None
        return self.run

    @property
    def run(self) -> Run:
        """What was noted so far."""
        return Run(tuple(self._marks))
