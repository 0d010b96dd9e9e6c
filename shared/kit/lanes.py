"""Chunks side by side: while one waits for the database, another is folded, here or in a process beside this one.

Lanes share no partition number, so they share no learner and no ledger document: they are to each other what two
workers are. In one lane chunks keep their turn.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from shared.kit.ledger import Batch
from shared.kit.pipeline import Done, Pipeline
from shared.kit.producer import Publisher
from shared.kit.store import Store
from shared.kit.worker import Worker

LANES = 2
"""In each process: one waits while the other uses the processor; more would only wait for the processor."""

Ended = Callable[[Sequence[BaseException]], Awaitable[None]]
"""Told that all parts of a fetch came to their end, and what went wrong with any of them."""


class Lane(Protocol):
    """Where chunks are folded one after the other."""

    async def take(self, batches: Sequence[Batch], done: Done) -> None:
        """Return when the log has all that a chunk says; chunks keep the turn in which they were handed in."""
        ...


class LaneHere:
    """A lane in this process."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Fold with this pipeline."""
        self._pipeline = pipeline
        self._turn = asyncio.Lock()  # first come, first served

    async def take(self, batches: Sequence[Batch], done: Done) -> None:
        """Return when the log has all that a chunk says."""
        async with self._turn:
            saying = await self._pipeline.take(batches, done)
        await asyncio.shield(saying)


def lanes_here(worker: Worker, store: Store, publisher: Publisher) -> list[Lane]:
    """Return the lanes of this process, all empty."""
    return [LaneHere(Pipeline(worker, store, publisher)) for _ in range(LANES)]


class Lanes:
    """Spreads fetches over lanes."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        """Begin with these, all empty."""
        self._lanes = lanes
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._lanes)

    def take(self, batches: Sequence[Batch], done: Done, ended: Ended) -> None:
        """Begin with one fetch: `done` is told of each of its chunks, `ended` when there is nothing left of it."""
        parts: dict[int, list[Batch]] = {}
        for batch in batches:
            parts.setdefault(batch.partition % len(self._lanes), []).append(batch)
        taking = [asyncio.create_task(self._lanes[number].take(part, done)) for number, part in parts.items()]
        whole = asyncio.create_task(_end(taking, ended), name="fetch")
        self._running.add(whole)
        whole.add_done_callback(self._running.discard)

    async def idle(self, timeout_s: float) -> bool:
        """Wait until nothing of any fetch is left, but not for longer than this; tell whether it is so."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout_s)
        return not self._running


async def _end(taking: Sequence["asyncio.Task[None]"], ended: Ended) -> None:
    outcomes = await asyncio.gather(*taking, return_exceptions=True)
    await ended([outcome for outcome in outcomes if isinstance(outcome, BaseException)])
