"""Notes when each record of a topic can be read: a consumer in a thread of its own."""

import asyncio
import threading
import time
from types import TracebackType
from typing import Self

from confluent_kafka import Consumer, TopicPartition

from bench.errors import EffectsLost
from shared.contracts.topics import PARTITIONS

_POLL_S = 0.2
_PAUSE_S = 0.005


class Watcher:
    """`seen` holds the moment at which the record of each key was read, by `time.perf_counter`."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        """Watch the whole topic from its beginning."""
        self.seen: dict[str, float] = {}
        self._topic = topic
        self._consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench-watcher", "log_level": 2})
        self._consumer.assign([TopicPartition(topic, number, 0) for number in range(PARTITIONS)])
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End watching."""
        self._ending.set()
        self._thread.join()
        self._consumer.close()

    async def wait_for(self, count: int, patience_s: float) -> None:
        """Return when this many keys were seen; raises `EffectsLost` when they do not come in time."""
        deadline = time.monotonic() + patience_s
        while len(self.seen) < count:
            if time.monotonic() > deadline:
                raise EffectsLost("hop", f"records on {self._topic}", len(self.seen), count)
            await asyncio.sleep(_PAUSE_S)

    def _watch(self) -> None:
        while not self._ending.is_set():
            message = self._consumer.poll(_POLL_S)
            if message is not None and not message.error():
                self.seen.setdefault((message.key() or b"").decode(), time.perf_counter())
