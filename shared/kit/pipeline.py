"""Chunks in turn: while what one chunk says is on its way to the log, the next one is loaded and folded.

It writes nothing before the log has acknowledged all that the last one said: its ledger documents take the place of
those that would let it be said again.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

from shared.kit.chunk import Committed, Outcome, commit
from shared.kit.errors import ChunkTooLarge
from shared.kit.ledger import Batch, halves
from shared.kit.notes import note
from shared.kit.producer import Publisher
from shared.kit.store import Store
from shared.kit.worker import Worker

OVERLAP_S = 1.0
"""Longer than the log takes to answer; while the broker is away, a transaction had better be begun anew."""

Done = Callable[[Sequence[Batch], Outcome, float], None]
"""Told of a chunk that is committed and said, and how many seconds that took."""


class _StillSaying(Exception):
    """The log has not acknowledged the last chunk's outputs yet."""


class Pipeline:
    """Commits chunks and says what they have to say; a chunk that failed lets none of its successors begin.

    `overlap_s` is for how long a transaction is kept open for the log's answer.
    """

    def __init__(self, worker: Worker, store: Store, publisher: Publisher, *, overlap_s: float = OVERLAP_S) -> None:
        """Begin with nothing on its way."""
        self._worker = worker
        self._store = store
        self._publisher = publisher
        self._overlap_s = overlap_s
        self._saying: asyncio.Task[None] | None = None

    async def take(self, batches: Sequence[Batch], done: Done) -> "asyncio.Task[None]":
        """Commit a chunk and begin to say what it has to say; `done` is called when the log has it all.

        What one transaction cannot hold is taken in halves, one after the other; `done` is called for each part.

        The task that is returned ends after that, or raises `PublishFailed`.

        Raises:
            LogHole: a batch begins above the position; all that was on its way is done.
            TakenOver: a partition is somebody else's now; all that was on its way is done.
            StoreUnavailable, PublishFailed: this chunk's position did not move.

        """
        started = time.monotonic()
        try:
            committed = await self._commit(batches)
        except ChunkTooLarge:
            first, second = halves(batches)
            if not first:
                raise
            await self.take(first, done)
            return await self.take(second, done)
        self._saying = asyncio.create_task(self._say(batches, committed, done, started), name="saying")
        return self._saying

    async def _commit(self, batches: Sequence[Batch]) -> Committed:
        while True:
            try:
                return await commit(self._worker, batches, self._store, self._gate)
            except _StillSaying:
                await self._settled()
            except Exception:
                await self._settled()
                raise

    async def _settled(self) -> None:
        if self._saying is not None:
            await asyncio.shield(self._saying)

    async def _gate(self) -> None:
        try:
            await asyncio.wait_for(self._settled(), self._overlap_s)
        except TimeoutError as error:
            raise _StillSaying from error

    async def _say(self, batches: Sequence[Batch], committed: Committed, done: Done, started: float) -> None:
        await self._publisher.say(committed.says)
        done(batches, committed.outcome, time.monotonic() - started)
        note(committed)
