"""What happens to brokers: one restarts, one dies, leadership moves, all are away."""

import asyncio
import signal

from deploy.local.apache import ApacheKafka
from tests.chaos.faults.fault import Fault
from tests.chaos.ground import Ground

_HANGS_S = 6.0
# Twice the session that `deploy.local.kraft` gives a broker.


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
    """One broker hangs until the others have taken its leadership, and comes back believing that it still leads."""

    name = "leaders change (a broker hangs)"

    def __init__(self, place: int) -> None:
        """Stop the broker at this place."""
        self._place = place

    async def inject(self, where: Ground) -> None:
        """Stop it for longer than its session."""
        where.brokers.nodes[self._place].process.signal(signal.SIGSTOP)
        await asyncio.sleep(_HANGS_S)

    async def heal(self, where: Ground) -> None:
        """Let it go on."""
        where.brokers.nodes[self._place].process.signal(signal.SIGCONT)


class BrokersAway(Fault[Ground]):
    """No broker answers for a while."""

    def __init__(self, seconds: float, *, killed_after_s: float | None = None) -> None:
        """Stay away so long; a broker that has not ended by itself `killed_after_s` later is killed.

        The last of three never does: it waits for a controller, and is killed either way. By default it is given as
        long as any server. That none answers for a while, and all come back at once, is the same; with less time more
        of the three come back as after a crash.
        """
        self.name = f"all brokers away for {seconds:g} s"
        self._seconds = seconds
        self._killed_after_s = killed_after_s

    async def inject(self, where: Ground) -> None:
        """Stop all three together."""
        if self._killed_after_s is not None:
            where.brokers.signal(signal.SIGTERM)
            await asyncio.sleep(self._killed_after_s)
            where.brokers.signal(signal.SIGKILL)
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
