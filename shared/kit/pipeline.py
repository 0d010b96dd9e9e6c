"""Chunks in turn: while what one chunk says is on its way to the log, the next one is loaded and folded.

It writes nothing before the log has acknowledged all that the last one said: its ledger documents take the place of
those that would let it be said again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from shared.kit.chunk import Committed, commit
from shared.kit.ledger import Batch
from shared.kit.producer import Publisher
from shared.kit.store import Store
from shared.kit.worker import Worker

OVERLAP_S = 1.0
"""Longer than the log takes to answer; while the broker is away, a transaction had better be begun anew."""

Done = Callable[[Committed, float], None]
"""Told of a chunk that is committed and said, and how many seconds that took."""

Ack = Callable[[], Awaitable[object]]
"""Lets go of what was taken, whether it came to its end or not."""


class _StillSaying(Exception):
    """The log has not acknowledged the last chunk's outputs yet."""


class Pipeline:
    """Commits chunks and says what they have to say; `failed` is told what the last chunk's saying broke on.

    `overlap_s` is for how long a transaction is kept open for the log's answer.
    """

    def __init__(
        self,
        worker: Worker,
        store: Store,
        publisher: Publisher,
        failed: Callable[[Exception], None],
        *,
        overlap_s: float = OVERLAP_S,
    ) -> None:
        """Begin with nothing on its way."""
        self._worker = worker
        self._store = store
        self._publisher = publisher
        self._failed = failed
        self._overlap_s = overlap_s
        self._saying: asyncio.Task[None] | None = None

    async def take(self, batches: Sequence[Batch], done: Done, ack: Ack) -> None:
        """Commit a chunk and begin to say what it has to say; `done` is called when the log has it all, then `ack`.

        Raises:
            LogHole: a batch begins above the position; all that was on its way is done.
            StoreUnavailable, PublishFailed: this chunk's position did not move.

        """
        started = time.monotonic()
        committed = await self._commit(batches)
        self._saying = asyncio.create_task(self._say(committed, done, ack, started), name="saying")

    async def settled(self) -> None:
        """Return when nothing is on its way any more.

        Raises:
            PublishFailed: the log did not take it.

        """
        if self._saying is not None:
            await asyncio.shield(self._saying)

    async def _commit(self, batches: Sequence[Batch]) -> Committed:
        while True:
            try:
                return await commit(self._worker, batches, self._store, self._gate)
            except _StillSaying:
                await self.settled()
            except Exception:
                await self.settled()
                raise

    async def _gate(self) -> None:
        if self._saying is None:
            return
        try:
            await asyncio.wait_for(asyncio.shield(self._saying), self._overlap_s)
        except TimeoutError as error:
            raise _StillSaying from error

    async def _say(self, committed: Committed, done: Done, ack: Ack, started: float) -> None:
        try:
            await self._publisher.say(committed.says)
            done(committed, time.monotonic() - started)
        except Exception as error:
            self._failed(error)
            raise
        finally:
            await ack()
