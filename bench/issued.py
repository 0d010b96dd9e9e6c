"""Reads `issued` while it grows, on a thread of its own, and notes when it was complete."""

import threading
import time
from types import TracebackType
from typing import Self

from confluent_kafka import Consumer, KafkaException, TopicPartition

from bench.errors import EffectsLost
from shared.contracts.issuance import CredentialIssued
from shared.contracts.topics import ISSUED, PARTITIONS
from shared.contracts.wire import decode

_TIMEOUT_S = 15.0
_POLL_S = 0.05
_AT_ONCE = 1000


class IssuedLog:
    """What is appended from now on until there is enough; use it with `with`."""

    def __init__(self, bootstrap: str, enough: int) -> None:
        """Begin at the present end of every partition."""
        self._consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "bench-issued", "log_level": 2})
        self._enough = enough
        self._values: list[bytes] = []
        self._last = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="issued", daemon=True)
        places = [TopicPartition(ISSUED.name, number) for number in range(PARTITIONS)]
        self._consumer.assign(
            [
                TopicPartition(
                    place.topic, place.partition, self._consumer.get_watermark_offsets(place, timeout=_TIMEOUT_S)[1]
                )
                for place in places
            ]
        )

    def all_issued(self, patience_s: float) -> float:
        """Return the moment, by `time.perf_counter`, at which the last credential was on the log.

        Raises:
            EffectsLost: not enough came in time.

        """
        self._thread.join(patience_s)
        if self._thread.is_alive():
            raise EffectsLost("journey", "issued credentials", len(self._values), self._enough)
        return self._last

    def learners(self) -> list[str]:
        """Return the learner of each credential."""
        events = [decode(ISSUED, value) for value in self._values]
        return [event.learner_ref for event in events if isinstance(event, CredentialIssued)]

    def _read(self) -> None:
        while len(self._values) < self._enough and not self._stop.is_set():
            for message in self._consumer.consume(_AT_ONCE, _POLL_S):
                if message.error():
                    raise KafkaException(message.error())
                self._values.append(message.value() or b"")
                self._last = time.perf_counter()

    def __enter__(self) -> Self:
        """Begin to read."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join()
        self._consumer.close()
