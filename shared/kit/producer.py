"""Appending to the log: confluent-kafka, idempotent, compressed, every delivery awaited."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any, Protocol

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from shared.contracts.envelope import Event
from shared.kit.errors import PublishFailed
from shared.kit.fold import said
from shared.kit.ledger import Saying

_POLL_S = 0.05
_FULL_PAUSE_S = 0.01
LARGEST_BYTES = 8 * 1024 * 1024
"""A dead letter holds the largest record that it keeps, and what is said about it besides."""


class Publisher(Protocol):
    """The port to the log's writing end; the in-memory twin is `shared.testing.memory.MemoryPublisher`."""

    async def publish(self, events: Sequence[Event]) -> None:
        """Append events, each to its topic, and return when the log has them all.

        Raises:
            PublishFailed: one of them was not acknowledged in time; any of them may stand on the log.

        """
        ...

    async def say(self, sayings: Sequence[Saying]) -> None:
        """Append records as they are, and return when the log has them all."""
        ...

    async def close(self) -> None:
        """Send what is on its way, and end."""
        ...


class KafkaPublisher:
    """Publishes to Kafka; one instance for a process.

    `patience_s` is how long a record may wait for its acknowledgement while the broker is away.
    """

    def __init__(self, bootstrap: str, *, topic_prefix: str = "", patience_s: float = 120.0) -> None:
        """Connect in the background."""
        self._prefix = topic_prefix
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "client.id": "microcred",
                "enable.idempotence": True,
                "acks": "all",
                "compression.type": "lz4",
                # Long enough for what is handed over together to go together, too short for one record to wait for.
                "linger.ms": 0.1,
                # The partitioner of the Java client, so that platforms which write to Kafka themselves agree with us.
                "partitioner": "murmur2_random",
                "delivery.timeout.ms": int(patience_s * 1000),
                "queue.buffering.max.messages": 500_000,
                "message.max.bytes": LARGEST_BYTES,
                "socket.keepalive.enable": True,
                "log_level": 2,
            }
        )
        self._closing = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="publisher", daemon=True)
        self._poller.start()

    async def publish(self, events: Sequence[Event]) -> None:
        """Append events, each to its topic, and return when the log has them all."""
        await self.say([said(event) for event in events])

    async def say(self, sayings: Sequence[Saying]) -> None:
        """Append records as they are, and return when the log has them all."""
        if not sayings:
            return
        receipt = _Receipt(len(sayings), asyncio.get_running_loop())
        for saying in sayings:
            while not self._append(saying, receipt):  # noqa: ASYNC110 - the client tells nobody that there is room
                await asyncio.sleep(_FULL_PAUSE_S)
        await receipt.done

    def _append(self, saying: Saying, receipt: "_Receipt") -> bool:
        """Hand a record to the client; tell whether it had room."""
        try:
            self._producer.produce(
                self._prefix + saying.topic,
                saying.value,
                saying.key,
                -1 if saying.partition is None else saying.partition,
                headers=list(saying.headers),
                on_delivery=receipt.delivered,
            )
        except BufferError:
            return False
        except KafkaException as error:
            raise PublishFailed(f"{saying.topic}: {error}") from error
        return True

    async def close(self) -> None:
        """Send what is on its way, and end."""
        self._closing.set()
        await asyncio.to_thread(self._poller.join)
        await asyncio.to_thread(self._producer.flush, 10)

    def _poll(self) -> None:
        while not self._closing.is_set():
            self._producer.poll(_POLL_S)


class _Receipt:
    """Counts the acknowledgements of one call; told from the polling thread."""

    def __init__(self, expected: int, loop: asyncio.AbstractEventLoop) -> None:
        self._missing = expected
        self._error: KafkaError | None = None
        self._loop = loop
        self.done: asyncio.Future[None] = loop.create_future()

    def delivered(self, error: KafkaError | None, message: Message) -> Any:
        if error is not None and self._error is None:
            self._error = error
        self._missing -= 1
        if self._missing == 0:
            self._loop.call_soon_threadsafe(self._settle, message.topic())

    def _settle(self, topic: str | None) -> None:
        if self.done.done():
            return
        if self._error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(PublishFailed(f"{topic}: {self._error.str()}"))
