"""What happens to brokers: one restarts, one dies, leadership moves, all are away."""

import asyncio
import signal

from confluent_kafka import ElectionType, KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from deploy.local.apache import ApacheKafka
from tests.chaos.errors import NotStruck
from tests.chaos.faults.fault import Fault
from tests.chaos.ground import Ground

_CALL_S = 20.0


class BrokerRestarts(Fault[Ground]):
    """One broker of three is ended and started again; its partitions get other leaders meanwhile."""

    def __init__(self, place: int, number: signal.Signals) -> None:
        """End the broker at this place with this signal."""
        how = "kill -9" if number == signal.SIGKILL else "restart"
        self.name = f"{how} of a broker"
        self._place = place
        self._number = number

    async def inject(self, where: Ground) -> None:
        """End it, and leave it away for a moment."""
        await _end(where.brokers.nodes[self._place], self._number)
        await asyncio.sleep(1)

    async def heal(self, where: Ground) -> None:
        """Start it."""
        await _start(where.brokers.nodes[self._place])


class LeadersChange(Fault[Ground]):
    """Every partition's leadership goes back to where it belongs, at once; a restart has moved it before."""

    name = "leaders change"

    async def inject(self, where: Ground) -> None:
        """Elect the preferred leaders."""
        await asyncio.to_thread(_elect, where.bootstrap)


class BrokersAway(Fault[Ground]):
    """No broker answers for a while."""

    def __init__(self, seconds: float) -> None:
        """Stay away so long."""
        self.name = f"all brokers away for {seconds:g} s"
        self._seconds = seconds

    async def inject(self, where: Ground) -> None:
        """Stop all three together."""
        await asyncio.to_thread(where.brokers.stop)
        await asyncio.sleep(self._seconds)

    async def heal(self, where: Ground) -> None:
        """Start all three together."""
        for node in where.brokers.nodes:
            node.launch()
        for node in where.brokers.nodes:
            await asyncio.to_thread(node.wait_ready)


async def _end(node: ApacheKafka, number: signal.Signals) -> None:
    node.process.signal(number)
    await asyncio.to_thread(node.stop)


async def _start(node: ApacheKafka) -> None:
    node.launch()
    await asyncio.to_thread(node.wait_ready)


def _elect(bootstrap: str) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 2})
    answers = admin.elect_leaders(ElectionType.PREFERRED, None, request_timeout=_CALL_S).result(_CALL_S + 1)
    moved = [place for place, error in answers.items() if error is None]
    refused = [error for error in answers.values() if error is not None and error.code() != _NOT_NEEDED]
    if refused:
        raise NotStruck(f"leaders were not elected: {KafkaException(refused[0])}")
    if not moved:
        raise NotStruck("every partition had its preferred leader already: restart a broker first")


_NOT_NEEDED = KafkaError.ELECTION_NOT_NEEDED if hasattr(KafkaError, "ELECTION_NOT_NEEDED") else 84
