"""A worker at work: Faust on our transport, the chunk function here and beside, the sweeper."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from itertools import chain, zip_longest
from typing import Any

import structlog
from faust.contrib.asgi import bind_to_running_loop
from faust.types import TP, StreamT

from shared.kit.apart import Apart
from shared.kit.chores import compare_for_ever, reread_for_ever, sweep_for_ever, tend_letters_for_ever, watch_for_ever
from shared.kit.chunk import Outcome
from shared.kit.errors import LogHole, LogShortened, TakenOver
from shared.kit.faust_app import AsItIs, make_app, read_by
from shared.kit.flights import Fetch, Flights
from shared.kit.foreign import Names
from shared.kit.indexes import indexes_of
from shared.kit.lanes import Lane, Lanes, lanes_here
from shared.kit.ledger import Batch, Record
from shared.kit.producer import Publisher
from shared.kit.resume import Takeover, resume
from shared.kit.settings import ServiceSettings
from shared.kit.store import Store
from shared.kit.sweeper import Sweeper
from shared.kit.telemetry import Progress
from shared.kit.teller import Teller
from shared.kit.topic_ids import TopicIds
from shared.kit.topics_admin import TopicsAdmin
from shared.kit.worker import Worker

log = structlog.get_logger(__name__)


class Engine:
    """Runs the worker of one service until it is stopped or fails."""

    def __init__(
        self,
        worker: Worker,
        settings: ServiceSettings,
        store: Store,
        publisher: Publisher,
        apart: Apart | None = None,
    ) -> None:
        """Put the parts together; nothing is contacted before `start`. `apart` is closed by whoever made it."""
        self.progress = Progress()
        self._worker = worker
        self._store = store
        self._publisher = publisher
        self._apart = apart
        self._lanes = Lanes(_alternating(lanes_here(worker, store, publisher), apart))
        self.flights = Flights(lanes=len(self._lanes))
        topics = [topic.name for topic in worker.topics]
        self._names = Names(settings.topic_prefix, topics, worker.codecs)
        self._ids = TopicIds(
            TopicsAdmin(settings.kafka_bootstrap, prefix=settings.topic_prefix, foreign=worker.codecs),
            topics,
            lambda: self._stopping,
            worker.codecs,
        )
        self._loop = asyncio.get_running_loop()
        self._failed: asyncio.Future[BaseException] = self._loop.create_future()
        self._stopping = False
        self._stop_bound_s = settings.stop_timeout_s
        self._app = make_app(settings.topic_prefix + worker.group, settings, self)
        self._chores: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Make what is missing in the database, and join the group.

        Raises:
            TopicMissing: a topic of this worker is not on the broker.
            StoreUnavailable: the database does not answer.
            LogReplaced: and the other errors that end a worker, where they come at once.

        """
        if self._apart is not None:
            await self._apart.open(self.failed)
        await self._ids.learn()
        await self._store.prepare(indexes_of(self._worker))
        topic = self._app.topic(*self._names.all, schema=AsItIs())
        read_by(self._app, topic, f"{self._worker.service}.chunks", self._chunks)
        bind_to_running_loop(self._app)
        self._app.finalize()
        starting = asyncio.create_task(self._app.maybe_start())
        # A takeover that is refused would leave Faust's start waiting for ever.
        await asyncio.wait({starting, self._failed}, return_when=asyncio.FIRST_COMPLETED)
        if self._failed.done():
            starting.cancel()
            raise self._failed.result()
        await starting
        sweepers = [Sweeper(each, self._store, self._publisher) for each in self._worker.sweeping]
        tellers = [Teller(each, self._store, self._publisher) for each in self._worker.telling]
        chores = (
            sweep_for_ever([*sweepers, *tellers]),
            watch_for_ever(self._app.consumer, self.progress, self._names),
            reread_for_ever(self._app.consumer),
            tend_letters_for_ever(self._store, self._worker, self.progress),
            compare_for_ever(self._ids, self.failed),
        )
        self._chores = [asyncio.create_task(chore) for chore in chores]

    async def stop(self) -> None:
        """Finish the chunk in hand and leave the group.

        Raises:
            TimeoutError: that took longer than the settings allow; the chunk is folded again by whoever comes next.

        """
        self._stopping = True
        for task in self._chores:
            task.cancel()
        leaving = asyncio.create_task(self._app.stop())
        # Not wait_for: Faust swallows the cancellation and goes on stopping, however long that takes.
        await asyncio.wait({leaving}, timeout=self._stop_bound_s)
        if not leaving.done():
            raise TimeoutError(f"the worker did not stop within {self._stop_bound_s:g} s")

    async def wait_failed(self) -> BaseException:
        """Return the error that ended the worker, when there is one."""
        return await asyncio.shield(self._failed)

    async def resume(self, earliest: Mapping[TP, int]) -> Mapping[TP, int]:
        """Say again what the ledger holds for these partitions, and return the position of each."""
        # A topic that is deleted costs its partitions first: when it is there again, this takeover is not about it.
        await self._ids.check()
        taken = {tp: self._takeover(tp, first) for tp, first in earliest.items()}
        others = b"" if self._apart is None else await self._apart.holder()
        standings = await resume(self._store, list(taken.values()), others)
        again = [saying for standing in standings.values() for saying in standing.says]
        await self._publisher.say(again)
        log.info("worker.resumed", partitions=len(taken), said_again=len(again))
        self.progress.beat()
        return {tp: standings[each].position for tp, each in taken.items()}

    async def idle(self, timeout_s: float) -> bool:
        """Wait until no chunk is in hand, but not for longer than this; tell whether it is so."""
        return await self._lanes.idle(timeout_s)

    def out_of_range(self, positions: Mapping[TP, int]) -> None:
        """End the worker: the log does not reach to these positions."""
        for tp, position in positions.items():
            self.failed(LogShortened(self._names.short(tp.topic), tp.partition, position))

    def failed(self, error: BaseException) -> None:
        """End the worker; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._fail, error)

    def _fail(self, error: BaseException) -> None:
        if self._stopping or self._failed.done():
            return
        log.error("worker.failed", error=type(error).__name__, reason=str(error), exc_info=error)
        self._failed.set_result(error)

    def _takeover(self, tp: TP, first: int) -> Takeover:
        topic = self._names.short(tp.topic)
        return Takeover(topic, self._ids.known[topic], tp.partition, first, topic in self._worker.codecs)

    async def _chunks(self, stream: StreamT[Any]) -> None:
        async for event in stream.noack().events():
            try:
                self._take(event.message.value, partial(stream.ack, event))
            except Exception as error:  # noqa: BLE001 - nothing may leave an agent: Faust would acknowledge and go on
                self._fail(error)
                await stream.ack(event)  # which commits nothing here, and lets a stop go on without this chunk
                await asyncio.Event().wait()

    def _take(self, fetch: Fetch, ack: Callable[[], Awaitable[Any]]) -> None:
        batches = [self._batch(tp, records, fetch.begins[tp]) for tp, records in fetch.records.items()]

        async def ended(errors: Sequence[BaseException]) -> None:
            try:
                await self._ended(fetch, errors)
            except Exception as error:  # noqa: BLE001 - as above
                self._fail(error)
            finally:
                await ack()

        self._lanes.take(batches, partial(self._done, fetch), ended)

    def _done(self, fetch: Fetch, batches: Sequence[Batch], outcome: Outcome, seconds: float) -> None:
        self.flights.folded(fetch, {TP(self._names.full(each.topic), each.partition): each.ends for each in batches})
        self.progress.beat()
        self.progress.chunk(batches, outcome, seconds)

    async def _ended(self, fetch: Fetch, errors: Sequence[BaseException]) -> None:
        if not errors:
            self.flights.done(fetch)
        for error in errors:
            if not isinstance(error, LogHole | TakenOver):
                self._fail(error)
                return
        if errors:
            log.warning("worker.seeks_back", error=type(errors[0]).__name__, reason=str(errors[0]))
            await self._app.consumer.seek_back()

    def _batch(self, tp: TP, records: Any, begins: int) -> Batch:
        topic = self._names.short(tp.topic)
        return Batch(
            topic,
            self._ids.known[topic],
            tp.partition,
            begins,
            [Record(each.offset, each.timestamp, each.key, each.value, each.headers) for each in records],
        )


def _alternating(here: Sequence[Lane], apart: Apart | None) -> Sequence[Lane]:
    # Partitions are numbered from 0, and often few: so each process has its half of any number of them.
    there: Sequence[Lane] = () if apart is None else apart.lanes
    return [lane for lane in chain(*zip_longest(here, there)) if lane is not None]
