"""How far a consumer group is behind on its topics, as its own offsets say."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import OffsetSpec

from shared.kit.topics_admin import GRACE_S, PAUSE_S, SETTLING, TopicsAdmin


@dataclass(frozen=True, slots=True)
class Lag:
    """How far one group is behind on one partition; `position` is None where nothing was committed."""

    topic: str
    partition: int
    position: int | None
    end: int


class Lags(TopicsAdmin):
    """The topics of one installation, and who is how far behind on them."""

    def lag(self, group: str, topics: Iterable[str]) -> list[Lag]:
        """Return how far a group is behind on each partition of these topics (without the prefix)."""
        there = self.existing()
        places = [
            TopicPartition(self._prefix + topic, partition)
            for topic in topics
            for partition in range(there.get(self._prefix + topic, 0))
        ]
        request = [ConsumerGroupTopicPartitions(group, places)]
        offsets = self._client.list_consumer_group_offsets(request, request_timeout=self._timeout_s)
        committed = {
            (each.topic, each.partition): each.offset for each in self._await(offsets[group]).topic_partitions or []
        }
        rows = []
        for (name, partition), end in self._ends(places).items():
            position = committed.get((name, partition), -1)
            rows.append(Lag(name.removeprefix(self._prefix), partition, position if position >= 0 else None, end))
        return sorted(rows, key=lambda row: (row.topic, row.partition))

    def _ends(self, places: list[TopicPartition]) -> dict[tuple[str, int], int]:
        deadline = time.monotonic() + GRACE_S
        while True:
            latest = {TopicPartition(place.topic, place.partition): OffsetSpec.latest() for place in places}
            futures = self._client.list_offsets(latest, request_timeout=self._timeout_s)
            try:
                return {(place.topic, place.partition): self._await(future).offset for place, future in futures.items()}
            except KafkaException as error:
                if error.args[0].code() not in SETTLING or time.monotonic() > deadline:
                    raise
            time.sleep(PAUSE_S)
