"""A worker at work: Faust on our transport, the chunk function, the sweeper. One instance for a process."""

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import faust
import structlog
from faust.contrib.asgi import faust_app_running
from faust.types import TP, EventT, StreamT

from shared.kit.chunk import commit
from shared.kit.errors import LogHole
from shared.kit.flights import Fetch, Flights
from shared.kit.ledger import LEDGER, Batch, Record
from shared.kit.producer import Publisher
from shared.kit.resume import Takeover, resume
from shared.kit.settings import ServiceSettings
from shared.kit.store import Store
from shared.kit.sweeper import WAITING, Sweeper
from shared.kit.telemetry import Progress
from shared.kit.topics_admin import TopicsAdmin
from shared.kit.worker import Worker

log = structlog.get_logger(__name__)

_STOP_BOUND_S = 20.0
_SWEEP_EVERY_S = 0.5


class _ChunkApp(faust.App):  # type: ignore[misc]
    """A Faust app that knows where its transport turns to."""

    port: "Engine"


class Engine:
    """Runs the worker of one service until it is stopped or fails."""

    def __init__(self, worker: Worker, settings: ServiceSettings, store: Store, publisher: Publisher) -> None:
        """Put the parts together; nothing is contacted before `start`."""
        self.flights = Flights()
        self.progress = Progress()
        self._worker = worker
        self._store = store
        self._publisher = publisher
        self._prefix = settings.topic_prefix
        self._admin = TopicsAdmin(settings.kafka_bootstrap, prefix=settings.topic_prefix)
        self._ids: Mapping[str, str] = {}
        self._failed: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
        self._sweepers = [Sweeper(sweep, store, publisher) for sweep in worker.sweeping]
        self._app = _make_app(worker, settings)
        self._app.port = self
        self._running: Any = None
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Make what is missing in the database, and join the group.

        Raises:
            TopicMissing: a topic of this worker is not on the broker.
            StoreUnavailable: the database does not answer.

        """
        self._ids = await asyncio.to_thread(self._admin.ids, [topic.name for topic in self._worker.topics])
        await self._store.prepare(_indexes(self._worker))
        topic = self._app.topic(*(self._prefix + topic.name for topic in self._worker.topics), schema=_AsItIs())
        self._app.agent(topic, name=f"{self._worker.service}.chunks", concurrency=1)(self._chunks)
        self._running = faust_app_running(self._app)
        await self._running.__aenter__()
        self._sweeping = asyncio.create_task(self._sweep_for_ever())

    async def stop(self) -> None:
        """Finish the chunk in hand and leave the group, within a bound."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        if self._running is not None:
            try:
                await asyncio.wait_for(self._running.__aexit__(None, None, None), _STOP_BOUND_S)
            except TimeoutError:
                log.warning("worker.stop_overran", bound_s=_STOP_BOUND_S)

    async def wait_failed(self) -> BaseException:
        """Return the error that ended the worker, when there is one."""
        return await self._failed

    async def resume(self, earliest: Mapping[TP, int]) -> Mapping[TP, int]:
        """Say again what the ledger holds for these partitions, and return the position of each."""
        try:
            return await self._resume(earliest)
        except Exception as error:
            self._fail(error)
            raise

    async def _resume(self, earliest: Mapping[TP, int]) -> Mapping[TP, int]:
        self._ids = await asyncio.to_thread(self._admin.ids, [topic.name for topic in self._worker.topics])
        taken = {tp: self._takeover(tp, first) for tp, first in earliest.items()}
        standings = await resume(self._store, list(taken.values()))
        again = [saying for standing in standings.values() for saying in standing.says]
        await self._publisher.say(again)
        log.info("worker.resumed", partitions=len(taken), said_again=len(again))
        self.progress.beat()
        return {tp: standings[each].position for tp, each in taken.items()}

    def _takeover(self, tp: TP, first: int) -> Takeover:
        topic = tp.topic.removeprefix(self._prefix)
        return Takeover(topic, self._ids[topic], tp.partition, first)

    async def _chunks(self, stream: StreamT[Any]) -> None:
        async for event in stream.noack().events():
            try:
                await self._take(event.message.value)
            except LogHole as hole:
                log.warning("worker.hole", reason=str(hole))
                await self._app.consumer.perform_seek()
            except Exception as error:  # noqa: BLE001 - nothing may leave an agent: Faust would acknowledge and go on
                self._fail(error)
                await asyncio.Event().wait()
            await _end_tracking(stream, event)

    async def _take(self, fetch: Fetch) -> None:
        batches = [self._batch(tp, records, fetch.begins[tp]) for tp, records in fetch.records.items()]
        beyond = self._beyond(fetch)
        self.progress.behind({place: len(fetch.records[tp]) + more for tp, (place, more) in beyond.items()})
        with self.progress.taking():
            committed = await commit(self._worker, batches, self._store)
            await self._publisher.say(committed.says)
        self.flights.done(fetch)
        self.progress.beat()
        self.progress.behind(dict(beyond.values()))
        self.progress.chunk(batches, committed)

    def _beyond(self, fetch: Fetch) -> dict[Any, tuple[tuple[str, int], int]]:
        """Return, for each partition of a fetch, its name and how many records stand behind the fetch."""
        return {
            tp: (
                (tp.topic.removeprefix(self._prefix), tp.partition),
                max((self._app.consumer.highwater(tp) or 0) - end, 0),
            )
            for tp, end in fetch.ends().items()
        }

    def _batch(self, tp: TP, records: Any, begins: int) -> Batch:
        topic = tp.topic.removeprefix(self._prefix)
        return Batch(
            topic,
            self._ids[topic],
            tp.partition,
            begins,
            [Record(each.offset, each.timestamp, each.key, each.value, each.headers) for each in records],
        )

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_EVERY_S)
            for sweeper in self._sweepers:
                try:
                    await sweeper.sweep()
                except Exception as error:  # noqa: BLE001 - what waits is found again at the next sweep
                    log.warning("sweeper.postponed", reason=str(error))

    def _fail(self, error: BaseException) -> None:
        log.error("worker.failed", error=type(error).__name__, reason=str(error), exc_info=error)
        if not self._failed.done():
            self._failed.set_result(error)


class _AsItIs(faust.Schema):  # type: ignore[misc]
    """Hands over what the transport delivers, without decoding."""

    def compile(self, app: Any, **_: Any) -> Callable[..., Any]:
        """Return the decoder."""

        async def decode(message: Any, *, propagate: bool = False) -> Any:  # noqa: ARG001 - Faust's signature
            return app.create_event(None, message.value, [], message)

        return decode


async def _end_tracking(stream: StreamT[Any], event: EventT[Any]) -> None:
    await stream.ack(event)


def _indexes(worker: Worker) -> dict[str, list[tuple[tuple[str, int], ...]]]:
    indexes: dict[str, list[tuple[tuple[str, int], ...]]] = {LEDGER: [(("topic", 1),)]}
    for model in worker.models:
        indexes[model.collection] = list(model.indexes)
    for tally in worker.tallies:
        indexes[tally.collection] = []
    for sweep in worker.sweeping:
        indexes[sweep.model.collection].append(((WAITING, 1), ("_id", 1)))
    return indexes


def _make_app(worker: Worker, settings: ServiceSettings) -> _ChunkApp:
    servers = settings.kafka_bootstrap.split(",")
    return _ChunkApp(
        settings.topic_prefix + worker.service,
        broker=";".join(f"kafkachunk://{server}" for server in servers),
        store="memory://",
        datadir=Path(tempfile.gettempdir()) / "microcred-faust",
        processing_guarantee="at_least_once",
        table_standby_replicas=0,
        topic_disable_leader=True,
        topic_allow_declare=False,
        web_enabled=False,
        producer_threaded=False,
        broker_commit_interval=0.3,
        broker_max_poll_records=settings.fetch_records,
        broker_session_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=max(settings.session_timeout_s / 10, 0.5),
        broker_rebalance_timeout=60.0,
        broker_max_poll_interval=1000.0,
        stream_buffer_maxsize=8,
        stream_wait_empty=True,
    )


def make_engine(worker: Worker, settings: ServiceSettings, store: Store, publisher: Publisher) -> Engine:
    """Return the engine of a service's worker."""
    return Engine(worker, settings, store, publisher)
