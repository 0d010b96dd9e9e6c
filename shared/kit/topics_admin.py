"""Topics on the broker: making them, their ids, their settings. Every call has a time limit."""

import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, OffsetSpec, ResourceType

from shared.contracts.topics import PARTITIONS, SERVICES, TOPICS, dead_letters_of
from shared.kit.errors import KitError
from shared.kit.topic_config import forgets, topic_config

T = TypeVar("T")
_TIMEOUT_S = 15.0
_GRACE_S = 5.0
_LEADERS_S = 60.0
_PAUSE_S = 0.2
_LOOK_S = 3.0


class BrokerUnavailable(KitError):
    """The broker did not answer in time."""


class TopicMissing(KitError):
    """A topic is not there: `microcred topics --create` makes it."""


def all_topics() -> list[str]:
    """Return the names of all topics."""
    return [topic.name for topic in TOPICS] + [dead_letters_of(service) for service in SERVICES]


class TopicsAdmin:
    """Administers the topics of one installation."""

    def __init__(
        self, bootstrap: str, *, prefix: str = "", timeout_s: float = _TIMEOUT_S, foreign: Collection[str] = ()
    ) -> None:
        """Connect in the background; `foreign` topics bear no prefix of ours."""
        self._foreign = frozenset(foreign)
        self._client = AdminClient({"bootstrap.servers": bootstrap, "log_level": 2})
        self._prefix = prefix
        self._timeout_s = timeout_s

    def create(
        self, names: Collection[str] | None = None, *, partitions: int = PARTITIONS, replication: int = 1
    ) -> list[str]:
        """Make the topics that are missing, foreign ones too, wait until these can be used, and return their names.

        Of ours all, or those of these `names` (without the prefix).

        Raises:
            BrokerUnavailable: the broker did not answer, or topics that it has made got no leaders in a minute.

        """
        there = self.existing()
        wanted = [
            NewTopic(self._prefix + name, partitions, replication, config=topic_config(name))
            for name in (all_topics() if names is None else names)
            if self._prefix + name not in there
        ]
        wanted += [NewTopic(name, partitions, replication) for name in sorted(self._foreign - there.keys())]
        if not wanted:
            return []
        made = []
        for name, future in self._client.create_topics(wanted, request_timeout=self._timeout_s).items():
            if self._made(future):
                made.append(name)
        self._await_leaders([TopicPartition(name, partition) for name in made for partition in range(partitions)])
        return made

    def _await_leaders(self, places: list[TopicPartition]) -> None:
        try:
            self._settled(lambda: self._ends(places), {place.topic for place in places}, _LEADERS_S)
        except KafkaException as error:
            raise BrokerUnavailable(f"topics are made, but the broker gives them no leaders yet: {error}") from error

    def _ends(self, places: list[TopicPartition]) -> dict[tuple[str, int], int]:
        latest = {TopicPartition(place.topic, place.partition): OffsetSpec.latest() for place in places}
        futures = self._client.list_offsets(latest, request_timeout=self._timeout_s) if latest else {}
        return {(place.topic, place.partition): self._await(future).offset for place, future in futures.items()}

    def _made(self, future: Future[Any]) -> bool:
        try:
            self._await(future)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
            return False
        return True

    def forgetful(self, names: Collection[str]) -> dict[str, str]:
        """Return why the broker will not keep all of these topics (without the prefix), for those that it will not.

        Raises:
            BrokerUnavailable: the broker did not answer.

        """
        return {name: why for name in names if (why := forgets(self._config(self._prefix + name)))}

    def _config(self, topic: str) -> dict[str, str]:
        resource = ConfigResource(ResourceType.TOPIC, topic)
        try:
            return self._settled(lambda: self._describe_config(resource), [topic])
        except KafkaException as error:
            raise BrokerUnavailable(f"the broker does not say how it keeps {topic}: {error}") from error

    def _describe_config(self, resource: ConfigResource) -> dict[str, str]:
        (future,) = self._client.describe_configs([resource], request_timeout=self._timeout_s).values()
        return {name: entry.value for name, entry in self._await(future).items()}

    def existing(self) -> dict[str, int]:
        """Return the names of the topics on the broker and their numbers of partitions."""
        try:
            topics = self._client.list_topics(timeout=self._timeout_s).topics
        except KafkaException as error:
            raise BrokerUnavailable(f"the broker does not answer: {error}") from error
        return {name: len(topic.partitions) for name, topic in topics.items()}

    def ids(self, names: Collection[str]) -> dict[str, str]:
        """Return the topic id of each name (without the prefix).

        Raises:
            TopicMissing: one of them is not there, nor comes within a moment.
            BrokerUnavailable: the broker did not answer.

        """
        deadline = time.monotonic() + _GRACE_S
        while True:
            found = self._describe(names)
            missing = sorted(set(names) - found.keys())
            if not missing:
                return found
            if time.monotonic() > deadline:
                name = missing[0]
                cure = "make it with: microcred topics --create"
                if name in self._foreign:
                    cure = "it is its platform's to make; make it, or name another one in this service's settings"
                raise TopicMissing(f"topic {self._on_broker(name)} is not there; {cure}")
            time.sleep(_PAUSE_S)  # a topic that was made a moment ago is not known to every part of the broker yet

    def _describe(self, names: Collection[str]) -> dict[str, str]:
        called = {self._on_broker(name): name for name in names}
        self._see_who_is_there(next(iter(called)))
        wanted = TopicCollection(list(called))
        futures = self._client.describe_topics(wanted, request_timeout=min(self._timeout_s, _LOOK_S))
        found: dict[str, str] = {}
        for name, future in futures.items():
            try:
                found[called[name]] = str(self._await(future).topic_id)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                    raise BrokerUnavailable(f"the broker does not say what {name} is: {error}") from error
        return found

    def _see_who_is_there(self, topic: str) -> None:
        # The client waits for a controller that is gone, with a whole processor, until it is told of another one; only
        # an answer about topics tells it, and it asks for none by itself. One topic's is the smallest.
        try:
            self._client.list_topics(topic, timeout=min(self._timeout_s, _LOOK_S))
        except KafkaException as error:
            raise BrokerUnavailable(f"the broker does not answer: {error}") from error

    def _on_broker(self, name: str) -> str:
        return name if name in self._foreign else self._prefix + name

    def _settled(self, ask: Callable[[], T], topics: Collection[str], grace_s: float = _GRACE_S) -> T:
        # While a topic that was made a moment ago gets its leaders, broker and client have many words for that; and the
        # client goes by what it was told of leaders last, which is anew only if it is asked to look. Only at these:
        # a look at all topics of a large cluster takes seconds.
        deadline, looked_at = time.monotonic() + grace_s, list[str]()
        while True:
            try:
                for topic in looked_at:
                    self._client.list_topics(topic, timeout=self._timeout_s)
                return ask()
            except KafkaException:
                if time.monotonic() > deadline:
                    raise
            time.sleep(_PAUSE_S)
            looked_at = sorted(topics)

    def _await(self, future: "Future[T]") -> T:
        try:
            return future.result(self._timeout_s + 1)
        except TimeoutError as error:
            raise BrokerUnavailable(f"the broker did not answer within {self._timeout_s:g} s") from error


def create_topics(
    bootstrap: str, *, prefix: str = "", timeout_s: float = _TIMEOUT_S, foreign: Collection[str] = ()
) -> list[str]:
    """Make all topics that are missing, these `foreign` ones too, and return their names."""
    return TopicsAdmin(bootstrap, prefix=prefix, timeout_s=timeout_s, foreign=foreign).create()
