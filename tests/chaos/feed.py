"""Publishing while faults strike: a burst every quarter of a second, with poison in the middle when asked for."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import orjson
from confluent_kafka import KafkaException, Producer

from shared.contracts.envelope import Event
from shared.contracts.topics import TOPICS
from shared.contracts.wire import HEADERS
from tests.chaos.errors import NotFed
from tests.chaos.poison import Raw, poison

PAUSE_S = 0.25
_LARGEST = 8 * 1024 * 1024
_PATIENCE_S = 150
_TOPIC_OF = {kind: topic.name for topic in TOPICS for kind in topic.events}


class Feed:
    """Publishes a stream of events of one service; `acknowledged` records stand on the log for certain."""

    def __init__(
        self, bootstrap: str, prefix: str, stream: Iterator[Event], burst: int, seed: int, *, pause_s: float = PAUSE_S
    ) -> None:
        """Publish `burst` events at a time."""
        self.acknowledged = 0
        self.pause_s = pause_s
        self.poisoned = 0
        self._prefix = prefix
        self._stream = stream
        self._burst = burst
        self._seed = seed
        self._failed: KafkaException | None = None
        self._going = asyncio.Event()
        self._hurried = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task: asyncio.Task[None] | None = None
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "enable.idempotence": True,
                "compression.type": "zstd",
                "partitioner": "murmur2_random",
                "message.max.bytes": _LARGEST,
                "delivery.timeout.ms": _PATIENCE_S * 1000,
                "linger.ms": 5,
                "log_level": 2,
            }
        )

    async def publish(self, events: tuple[Event, ...]) -> None:
        """Publish these, and return when the log has them."""
        for event in events:
            self._append(_TOPIC_OF[type(event)], Raw(event.key.encode(), event.encode(), HEADERS))
        await self._flushed()

    def go(self) -> None:
        """Publish bursts from now on."""
        self._going.set()
        if self._task is None:
            self._task = asyncio.create_task(self._for_ever())

    async def pause(self) -> None:
        """Publish nothing from now on; return when the log has all that was published."""
        self._going.clear()
        await self._idle.wait()
        if self._task is not None and self._task.done():
            self._task.result()

    def hurry(self) -> None:
        """Publish the next burst now: what strikes at this moment strikes work in hand."""
        self._hurried.set()

    async def end(self) -> None:
        """Stop for good."""
        if self._task is not None:
            self._task.cancel()

    async def volley(self) -> int:
        """Publish poison of every kind in the middle of a burst; return how many records of it."""
        events = list(islice(self._stream, self._burst))
        event = events[0]
        good: dict[str, Any] = orjson.loads(event.encode())
        raws = [raw for _, raw in poison(good, self._seed, self.poisoned)]
        self.poisoned += 1
        for number, each in enumerate(events):
            self._append(_TOPIC_OF[type(each)], Raw(each.key.encode(), each.encode(), HEADERS))
            if number < len(raws):
                self._append(_TOPIC_OF[type(event)], raws[number])
        for raw in raws[len(events) :]:
            self._append(_TOPIC_OF[type(event)], raw)
        await self._flushed()
        return len(raws)

    async def _for_ever(self) -> None:
        while True:
            await self._going.wait()
            self._idle.clear()
            try:
                await self.publish(tuple(islice(self._stream, self._burst)))
            finally:
                self._idle.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurried.wait(), self.pause_s)
            self._hurried.clear()

    def _append(self, topic: str, raw: Raw) -> None:
        self._producer.produce(
            self._prefix + topic, raw.value, raw.key, headers=list(raw.headers), on_delivery=self._delivered
        )

    def _delivered(self, error: Any, _message: Any) -> None:
        if error is None:
            self.acknowledged += 1
        else:
            self._failed = self._failed or KafkaException(error)

    async def _flushed(self) -> None:
        while await asyncio.to_thread(self._producer.flush, 1.0):
            continue
        if self._failed is not None:
            raise NotFed(f"the log did not take what was published: {self._failed}")
