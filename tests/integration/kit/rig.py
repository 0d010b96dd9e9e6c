"""One installation for one test: topics and a database of its own, engines, and what became of the events."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Self

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from pymongo import MongoClient

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import Outcome
from shared.kit.engine import Engine
from shared.kit.lags import Lags
from shared.kit.ledger import Batch
from shared.kit.mongo import MongoStore
from shared.kit.producer import KafkaPublisher
from shared.kit.settings import ServiceSettings
from shared.kit.store import Store
from shared.kit.topic_config import topic_config
from shared.kit.worker import Worker
from shared.testing.counting import counting_worker, numbered_result

TOPICS = ("platform.events", "passed", "assessment.dead-letters")
PARTITIONS = 4
SESSION_S = 6.0
_ADMIN_S = 15.0
_HANDED_OVER_S = 0.1


class Watched(Engine):
    """An engine that adds up what its chunks did."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.folded = self.skipped = self.resumed = 0
        self.progress.chunk = self._count  # type: ignore[method-assign,assignment]

    def _count(self, _: Sequence[Batch], outcome: Outcome, __: float) -> None:
        self.folded += outcome.events
        self.skipped += outcome.skipped

    async def resume(self, earliest: Any) -> Any:
        self.resumed += 1
        return await super().resume(earliest)

    async def said_all(self, events: int) -> None:
        """Return when this engine is done with so many events; more would be too many."""

        async def done() -> bool:
            return self.folded >= events

        await until(done, 5, f"{self.folded} events are done, not {events},")
        assert self.folded == events

    async def abandon_fetch(self) -> None:
        """Begin a fetch beside the worker's own, and give it up as Faust does at a rebalance: its thread goes on."""
        fetch = asyncio.ensure_future(anext(self._app.consumer.getmany(1.0), None))
        await asyncio.sleep(_HANDED_OVER_S)
        fetch.cancel()
        await asyncio.wait({fetch})

    def assignment(self) -> set[tuple[str, int]]:
        """Return the topics and partitions that are this engine's now."""
        return {(tp.topic, tp.partition) for tp in self._app.consumer.assignment()}


class Rig:
    """Use with `async with`; `name` is what no other test has."""

    def __init__(
        self, bootstrap: str, mongo_url: str, name: str, topics: Iterable[str] = TOPICS, session_s: float = SESSION_S
    ) -> None:
        self.bootstrap, self.mongo_url, self.name, self.prefix = bootstrap, mongo_url, name, f"{name}."
        self.group = f"{self.prefix}assessment"
        self.admin = AdminClient({"bootstrap.servers": bootstrap})
        self.topics = Lags(bootstrap, prefix=self.prefix)
        self._wanted, self._session_s = list(topics), session_s
        self._sent: dict[str, int] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.make_topics, self._wanted)
        self.store = MongoStore(self.mongo_url, self.name, patience_s=30)
        self.publisher = KafkaPublisher(self.bootstrap, topic_prefix=self.prefix, patience_s=20)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()
        await self.publisher.close()
        await self.store.close()
        with MongoClient[dict[str, Any]](self.mongo_url) as client:
            client.drop_database(self.name)
        self.admin.delete_topics([self.prefix + topic for topic in self._wanted])

    def make_topics(self, names: Iterable[str]) -> None:
        wanted = [NewTopic(self.prefix + name, PARTITIONS, 1, config=topic_config(name)) for name in names]
        for future in self.admin.create_topics(wanted, request_timeout=_ADMIN_S).values():
            future.result(_ADMIN_S)

    def engine(self, worker: Worker | None = None, *, store: Store | None = None, fetch: int = 500) -> Watched:
        """Return an engine that is not started yet."""
        settings = ServiceSettings.model_construct(
            kafka_bootstrap=self.bootstrap,
            topic_prefix=self.prefix,
            fetch_records=fetch,
            session_timeout_s=self._session_s,
        )
        return Watched(worker or counting_worker(), settings, store or self.store, self.publisher)

    async def start(self, engine: Watched) -> Watched:
        """Start an engine; it is stopped when the test ends, if it still runs."""
        self._stack.push_async_callback(engine.stop)
        await engine.start()
        return engine

    @asynccontextmanager
    async def running(self, *args: Any, **kwargs: Any) -> AsyncIterator[Watched]:
        """Give a started engine, and stop it."""
        engine = self.engine(*args, **kwargs)
        try:
            await engine.start()
            yield engine
        finally:
            await engine.stop()

    async def publish(self, events: int, learners: int = 20) -> None:
        """Append this many events, numbered for each learner."""
        batch = []
        for number in range(events):
            learner = f"learner-{number % learners}"
            batch.append(numbered_result(learner, self._sent.get(learner, 0)))
            self._sent[learner] = self._sent.get(learner, 0) + 1
        await self.publisher.publish(batch)

    @property
    def sent(self) -> int:
        """How many events were published."""
        return sum(self._sent.values())

    async def ledger(self, topic: str = PLATFORM_EVENTS.name) -> dict[int, int]:
        """Return the position of each partition."""
        return {each["partition"]: each["next"] for each in await self.store.find("ledger", {"topic": topic})}

    async def ends(self, topic: str = PLATFORM_EVENTS.name) -> dict[int, int]:
        """Return where each partition ends."""
        rows = await asyncio.to_thread(self.topics.lag, self.group, [topic])
        return {row.partition: row.end for row in rows}

    async def read_up(self, bound_s: float = 20) -> None:
        """Return when the ledger has passed all that was published."""

        async def passed() -> bool:
            return sum((await self.ledger()).values()) >= self.sent

        await until(passed, bound_s, "the ledger did not pass all that was published")

    async def counted(self) -> tuple[int, int]:
        """Return how many events were folded, and how many of them out of order."""
        counts = await self.store.find("counts", {}, limit=100_000)
        return sum(each["events"] for each in counts), sum(each["disorder"] for each in counts)

    async def counted_in(self, collection: str) -> int:
        """Return how many events were folded into a collection of counts, whatever its generation."""
        return sum(each["events"] for each in await self.store.find(collection, {}, limit=100_000))

    def delete(self, collection: str, key: str) -> None:
        """Take a document away behind the worker's back."""
        with MongoClient[dict[str, Any]](self.mongo_url) as client:
            client[self.name][collection].delete_one({"_id": key})

    async def delete_records(self, topic: str, partition: int, before: int) -> None:
        """Let the broker delete what stands before an offset, as retention does."""
        place = TopicPartition(self.prefix + topic, partition, before)
        (future,) = self.admin.delete_records([place]).values()
        await asyncio.to_thread(future.result, _ADMIN_S)

    async def committed(self) -> dict[int, int | None]:
        """Return what the group's offsets say of each partition."""
        rows = await asyncio.to_thread(self.topics.lag, self.group, [PLATFORM_EVENTS.name])
        return {row.partition: row.position for row in rows}


async def until(condition: Callable[[], Awaitable[bool]], bound_s: float, complaint: str) -> float:
    """Wait until a condition holds, and return how long that took."""
    started = time.monotonic()
    while not await condition():
        if time.monotonic() - started > bound_s:
            raise AssertionError(f"{complaint} within {bound_s:g} s")
        await asyncio.sleep(0.1)
    return time.monotonic() - started
