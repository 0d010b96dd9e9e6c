"""How far the services are behind on the log, and what they could not take; every question has a time limit."""

from collections.abc import Iterable
from dataclasses import dataclass

from confluent_kafka import KafkaException

from deploy.cli.errors import Unreachable
from shared.contracts.topics import SERVICES, TOPICS, dead_letters_of
from shared.kit.lags import Lag, Lags
from shared.kit.topics_admin import BrokerUnavailable

BROKER_S = 5.0


@dataclass(frozen=True, slots=True)
class Behind:
    """How many records of one topic a service has not folded yet."""

    service: str
    topic: str
    records: int


class Log:
    """The broker's view of the services."""

    def __init__(self, bootstrap: str, prefix: str = "") -> None:
        """Ask this broker."""
        self._bootstrap = bootstrap
        self._prefix = prefix
        self._lags = Lags(bootstrap, prefix=prefix, timeout_s=BROKER_S)

    def behind(self) -> list[Behind]:
        """Return how far each service is behind on each topic that it hears; raises `Unreachable`."""
        rows = []
        for service in dict.fromkeys((*SERVICES, *(group for topic in TOPICS for group in topic.heard_by))):
            heard = [topic.name for topic in TOPICS if service in topic.heard_by]
            found = self._ask(service, heard)
            rows += [Behind(service, topic, unread(row for row in found if row.topic == topic)) for topic in heard]
        return rows

    def dead_letters(self) -> dict[str, int]:
        """Return the number of dead letters of each service; raises `Unreachable`."""
        return {service: sum(row.end for row in self._ask(service, [dead_letters_of(service)])) for service in SERVICES}

    def _ask(self, service: str, topics: list[str]) -> list[Lag]:
        try:
            return self._lags.lag(self._prefix + service, topics)
        except (BrokerUnavailable, KafkaException) as error:
            raise Unreachable("the broker", self._bootstrap, error) from error


def unread(rows: Iterable[Lag]) -> int:
    """Return the number of records that were not folded; before the first commit that is all of them."""
    return sum(max(0, row.end - (row.position or 0)) for row in rows)
