"""The process that folds beside a worker's own, as that sees it: a second processor for half of the partitions.

It is not another member of the group: fetching, rebalancing and acknowledging stay here, and what is sent over comes
back folded and said, or as the error that it failed with. When it ends before it is told to, the worker ends too.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from shared.kit.apart_line import LIMIT, Answer, Leave, Name, Part, Take, messages, packed, rows_of
from shared.kit.errors import FolderLost
from shared.kit.lanes import LANES, Lane
from shared.kit.ledger import Batch, upto
from shared.kit.pipeline import Done

_LEAVES_S = 3.0
"""Longer than it takes to close what it holds; a chunk that is in its hands then is folded again by whoever comes."""


@dataclass(slots=True)
class _Asked:
    """What is in its hands: what is left of the batches, and whom to tell."""

    answer: "asyncio.Future[Answer]"
    batches: Sequence[Batch] = ()
    done: Done | None = None


class Apart:
    """A process of ours with lanes of its own; `pid` is our child, and `line` our end of the socket to it."""

    def __init__(self, pid: int, line: socket.socket) -> None:
        """Know it; nothing is said before `open`."""
        self.pid = pid
        self._line = line
        self._asked: dict[int, _Asked] = {}
        self._numbers = count()
        self._lost: Exception | None = None
        self._closing = False
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None
        self.lanes: Sequence[Lane] = [_LaneApart(self, number) for number in range(LANES)]

    async def open(self, lost: Callable[[BaseException], None]) -> None:
        """Begin to listen; `lost` is told when it ended untold."""
        reader, self._writer = await asyncio.open_connection(sock=self._line, limit=LIMIT)
        self._listening = asyncio.create_task(self._listen(reader, lost), name="apart")

    async def holder(self) -> bytes:
        """Return what its transactions are known by (`shared.kit.store.Store.holder`)."""
        number = next(self._numbers)
        return (await self._ask(Name(number), _Asked(asyncio.get_running_loop().create_future()))).holder

    async def fold(self, lane: int, batches: Sequence[Batch], done: Done) -> None:
        """Have a chunk folded and said in one of its lanes.

        Raises:
            FolderLost: it ended; and whatever folding there raises.

        """
        asked = _Asked(asyncio.get_running_loop().create_future(), batches, done)
        await self._ask(Take(next(self._numbers), lane, rows_of(batches)), asked)

    async def close(self) -> None:
        """Tell it to end, and end it when it has not done so in time."""
        self._closing = True
        if not isinstance(self._lost, FolderLost):
            if self._writer is None:
                self._line.close()
            else:
                self._writer.write(packed(Leave()))
            await self._gone()
        if self._listening is not None:
            await self._listening
        if self._writer is not None:
            self._writer.close()

    async def _gone(self) -> None:
        leaving = asyncio.create_task(asyncio.to_thread(self._status))
        await asyncio.wait({leaving}, timeout=_LEAVES_S)
        if not leaving.done():
            os.kill(self.pid, signal.SIGKILL)
        await leaving

    async def _ask(self, message: Take | Name, asked: _Asked) -> Answer:
        if self._lost is not None or self._writer is None:
            raise self._lost or RuntimeError("the process beside this one is not opened")
        self._asked[message.number] = asked
        # Before anything is waited for: chunks of one lane go over in the turn in which they were handed in.
        self._writer.write(packed(message))
        return await asked.answer

    async def _listen(self, reader: asyncio.StreamReader, lost: Callable[[BaseException], None]) -> None:
        try:
            async for message in messages(reader):
                if isinstance(message, Part):
                    self._part(message)
                else:
                    self._settle(message)
            if self._closing:
                return
            self._lost = FolderLost(await asyncio.to_thread(self._status))
        except Exception as error:  # noqa: BLE001 - if nobody listened, what waits for an answer would wait for ever
            self._lost = error
        lost(self._lost)
        for number in list(self._asked):
            self._settle(Answer(number, self._lost))

    def _part(self, part: Part) -> None:
        asked = self._asked[part.number]
        folded, asked.batches = upto(asked.batches, part.ends)
        if asked.done is not None:
            asked.done(folded, part.outcome, part.seconds)

    def _settle(self, answer: Answer) -> None:
        future = self._asked.pop(answer.number).answer
        if future.done():
            return
        if answer.error is None:
            future.set_result(answer)
        else:
            future.set_exception(answer.error)

    def _status(self) -> int:
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


class _LaneApart:
    """One of its lanes."""

    def __init__(self, apart: Apart, number: int) -> None:
        self._apart = apart
        self._number = number

    async def take(self, batches: Sequence[Batch], done: Done) -> None:
        """Return when the log has all that a chunk says."""
        await self._apart.fold(self._number, batches, done)
