"""What a worker does beside its stream: sweep up, see how far it is behind, see whether the log is still the same."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import structlog
from faust.types import TP

from shared.kit.errors import KitError, LogReplaced
from shared.kit.foreign import Names
from shared.kit.jumps import Jumps
from shared.kit.letters import Letter
from shared.kit.parking import PARKED
from shared.kit.store import Store, Unit
from shared.kit.telemetry import Progress
from shared.kit.topic_ids import TopicIds
from shared.kit.worker import Worker

_SWEEP_EVERY_S = 0.5
_WATCH_EVERY_S = 1.0
_COMPARE_EVERY_S = 5.0
_TEND_EVERY_S = 5.0
_log = structlog.get_logger(__name__)


class Lagging(Protocol):
    """What knows how far behind it is: the transport's consumer."""

    def lags(self) -> Mapping[TP, int]:
        """Return how many records of each assigned partition are not folded yet."""
        ...


class Rereading(Protocol):
    """What knows where it has read past records: the transport's consumer."""

    def read_past(self) -> Mapping[TP, int]:
        """Return where reading stands in partitions that are folded less far, though nothing of them is in hand."""
        ...

    async def reread(self, partitions: Iterable[TP]) -> None:
        """Read on from where these partitions are folded to."""
        ...


class Sweeping(Protocol):
    """What looks for documents that have to be told something."""

    async def sweep(self) -> int:
        """Tell them; return how many were told."""
        ...


async def sweep_for_ever(sweepers: Sequence[Sweeping]) -> None:
    """Tell documents that wait for something that it is known by now."""
    while True:
        await asyncio.sleep(_SWEEP_EVERY_S)
        for sweeper in sweepers:
            try:
                await sweeper.sweep()
            except Exception as error:  # noqa: BLE001 - what waits is found again at the next sweep
                _log.warning("sweeper.postponed", error=type(error).__name__, reason=str(error))


async def watch_for_ever(consumer: Lagging, progress: Progress, names: Names) -> None:
    """Tell the probes and the metrics how far each partition is behind."""
    while True:
        lags = consumer.lags()
        progress.behind({(names.short(tp.topic), tp.partition): behind for tp, behind in lags.items()})
        await asyncio.sleep(_WATCH_EVERY_S)


async def reread_for_ever(consumer: Rereading) -> None:
    """Read again what was read past, where no record comes after it that would show the hole."""
    jumps = Jumps()
    while True:
        await asyncio.sleep(_WATCH_EVERY_S)
        try:
            if again := jumps.look(consumer.read_past()):
                _log.info("worker.read_past", partitions=[f"{tp.topic}/{tp.partition}" for tp in again])
                await consumer.reread(again)
        except Exception as error:  # noqa: BLE001 - it is seen again in a moment
            _log.warning("worker.not_reread", error=type(error).__name__, reason=str(error))


async def tend_letters_for_ever(store: Store, worker: Worker, progress: Progress) -> None:
    """Tell the metrics how many dead letters are open and how many keys wait; forget what is kept for a while only."""
    while True:
        try:
            progress.metrics.open_letters.set(await store.count(worker.letters, {"status": "open"}))
            progress.metrics.parked.set(await store.count(PARKED, {}))
            if worker.letters_kept_s is not None:
                await forget(store, worker.letters, time.time() - worker.letters_kept_s)
        except Exception as error:  # noqa: BLE001 - they are looked after again in a moment
            _log.warning("letters.untended", error=type(error).__name__, reason=str(error))
        await asyncio.sleep(_TEND_EVERY_S)


async def forget(store: Store, letters: str, before: float) -> int:
    """Take the sealed bytes out of open letters of before this moment, in seconds since 1970; return out of how many.

    A hundred at the most are taken at once.
    """
    where = {"status": "open", "whole": True, "first_failed": {"$lt": int(before * 1000)}}
    found = [document["_id"] for document in await store.find(letters, where)]

    async def work(unit: Unit) -> int:
        now = [Letter.load(document) for document in (await unit.load(letters, found)).values()]
        old = [letter.without_bytes().document() for letter in now if letter.sealed and letter.whole]
        await unit.write(letters, (), old)
        return len(old)

    return await store.transact(work) if found else 0


async def compare_for_ever(ids: TopicIds, failed: Callable[[BaseException], None]) -> None:
    """End a worker whose topic was deleted and made again: the new offsets look like the old ones."""
    while True:
        await asyncio.sleep(_COMPARE_EVERY_S)
        try:
            await ids.check_at_once()
        except LogReplaced as error:
            failed(error)
        except KitError as error:
            _log.warning("worker.topics_unknown", reason=str(error))
