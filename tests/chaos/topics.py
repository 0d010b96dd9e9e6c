"""The topics of one service: those that it hears and says, and no others, since each costs three brokers work."""

from collections.abc import Collection

from confluent_kafka import TopicPartition
from confluent_kafka.admin import NewTopic

from shared.contracts.topics import TOPICS, dead_letters_of
from shared.kit.topic_config import topic_config
from shared.kit.topics_admin import TopicsAdmin
from shared.kit.worker import Worker

_CALL_S = 15.0


def topics_of(worker: Worker) -> list[str]:
    """Return the names of the topics that a worker hears and says."""
    heard = [topic.name for topic in worker.topics]
    said = [topic.name for topic in TOPICS if worker.service in topic.publishers]
    return [*dict.fromkeys([*heard, *said]), dead_letters_of(worker.service)]


class Topics(TopicsAdmin):
    """Makes some topics of an installation as `TopicsAdmin` makes them all."""

    def make(self, names: Collection[str], *, partitions: int, replication: int) -> list[str]:
        """Make these topics, wait until they can be used, and return those that were missing, without the prefix."""
        wanted = {
            self._prefix + name: NewTopic(self._prefix + name, partitions, replication, config=topic_config(name))
            for name in names
        }
        futures = self._client.create_topics(list(wanted.values()), request_timeout=_CALL_S)
        made = [name for name, future in futures.items() if self._made(future)]
        self._await_leaders([TopicPartition(name, number) for name in made for number in range(partitions)])
        return [name.removeprefix(self._prefix) for name in made]
