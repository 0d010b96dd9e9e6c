"""The process that folds beside a worker's own, as it is inside: lanes, a store and a publisher, and no group."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, NoReturn

import structlog
import uvloop

from shared.kit.apart import Apart
from shared.kit.apart_line import LIMIT, Answer, Leave, Name, Part, Take, batches_of, messages, packed
from shared.kit.chunk import Outcome
from shared.kit.lanes import lanes_here
from shared.kit.ledger import Batch
from shared.kit.parent import die_with_parent
from shared.kit.producer import Publisher
from shared.kit.store import Store
from shared.kit.worker import Worker

log = structlog.get_logger(__name__)
_FAILED = 1


def forked(live: Callable[[socket.socket], Coroutine[Any, Any, None]]) -> Apart:
    """Fork a process that lives with its end of a line, and return it as this one sees it.

    To be called before there are threads: a fork copies none of them, and what they hold stays locked for ever. It
    shares what is loaded, and is there at once.
    """
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _live(live(theirs))
    theirs.close()
    return Apart(pid, ours)


def _live(life: Coroutine[Any, Any, None]) -> NoReturn:
    status = _FAILED
    try:
        # Whoever ends all processes of a group means the worker: it tells this one when nothing is in its hands.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # Where the kernel does not do it, it sees at the line's end that it is alone, when it next looks.
        die_with_parent()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(life)
        status = 0
    except BaseException:  # whatever it is, it must not get into the worker's own way
        log.exception("folder.failed")
    finally:
        _end(status)


def _end(status: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _leave() -> None:
    # What is open in the database is ended by whoever takes the partitions over.
    _end(0)


class Folder:
    """Folds what comes over the line, until it is told to leave; when the worker is gone, it ends at once."""

    def __init__(
        self, worker: Worker, store: Store, publisher: Publisher, *, abandoned: Callable[[], None] = _leave
    ) -> None:
        """Fold for this worker into this store; `abandoned` is called when it is gone."""
        self._store = store
        self._abandoned = abandoned
        self._lanes = lanes_here(worker, store, publisher)
        self._doing: set[asyncio.Task[None]] = set()

    async def serve(self, line: socket.socket) -> None:
        """Return when the worker says so."""
        reader, writer = await asyncio.open_connection(sock=line, limit=LIMIT)
        try:
            async for message in messages(reader):
                if isinstance(message, Leave):
                    return
                # In the order of the line: a lane gives the turn to whoever came first.
                doing = asyncio.create_task(self._do(message, writer))
                self._doing.add(doing)
                doing.add_done_callback(self._doing.discard)
            self._abandoned()
        finally:
            writer.close()

    async def _do(self, message: Take | Name, writer: asyncio.StreamWriter) -> None:
        try:
            if isinstance(message, Take):
                told = partial(_tell, writer, message.number)
                await self._lanes[message.lane].take(batches_of(message.batches), told)
                answer = Answer(message.number)
            else:
                answer = Answer(message.number, holder=await self._store.holder())
        except Exception as error:  # noqa: BLE001 - the worker decides what comes of it
            answer = Answer(message.number, error)
        writer.write(packed(answer))


def _tell(
    writer: asyncio.StreamWriter, number: int, batches: Sequence[Batch], outcome: Outcome, seconds: float
) -> None:
    ends = {(each.topic, each.partition): each.ends for each in batches}
    writer.write(packed(Part(number, ends, outcome, seconds)))
