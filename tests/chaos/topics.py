"""The topics of one service: those that it hears and says, and no others, since each costs three brokers work."""

from shared.contracts.topics import TOPICS, dead_letters_of
from shared.kit.worker import Worker


def topics_of(worker: Worker) -> list[str]:
    """Return the names of the topics that a worker hears and says."""
    heard = [topic.name for topic in worker.topics]
    said = [topic.name for topic in TOPICS if worker.service in topic.publishers]
    return [*dict.fromkeys([*heard, *said]), dead_letters_of(worker.service)]
