"""Sending straight to the broker, with the producer that the services use: same keys, same partitions."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deploy.cli.publishing.rows import Fault
from shared.contracts.envelope import Event
from shared.kit.producer import KafkaPublisher, Publisher
from shared.kit.topics_admin import TopicsAdmin

PATIENCE_S = 30.0


class KafkaSender:
    """Appends events to their topics and waits for all acknowledgements."""

    def __init__(self, publisher: Publisher, runner: asyncio.Runner) -> None:
        """Send by this publisher, in this runner's loop."""
        self._publisher = publisher
        self._runner = runner

    def send(self, events: Sequence[Event]) -> dict[int, Fault]:
        """Append events; nobody refuses here, what the services cannot take they lay in their dead letters."""
        self._runner.run(self._publisher.publish(events))
        return {}


@contextmanager
def kafka_sender(bootstrap: str, prefix: str) -> Iterator[KafkaSender]:
    """Open a sender; raises `BrokerUnavailable` at once when the broker is not there."""
    TopicsAdmin(bootstrap, prefix=prefix, timeout_s=5).existing()
    with asyncio.Runner() as runner:
        publisher = KafkaPublisher(bootstrap, topic_prefix=prefix, patience_s=PATIENCE_S)
        try:
            yield KafkaSender(publisher, runner)
        finally:
            runner.run(publisher.close())
