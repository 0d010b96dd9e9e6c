"""kill -9, at a named point of a chunk's way."""

import os
import signal

from tests.chaos.doomed.orders import DURING_REVOCATION, Order
from tests.chaos.errors import NotStruck
from tests.chaos.faults.fault import Fault
from tests.chaos.hand import Hand
from tests.chaos.scene import Scene

_PASSED_WITHIN_S = 30.0


class Kill(Fault[Scene]):
    """The worker kills itself at this point; another is started at once."""

    kills = True

    def __init__(self, order: Order) -> None:
        """Die as ordered."""
        self.name = f"kill -9 {order.point}"
        self._order = order

    async def inject(self, where: Scene) -> None:
        """Give the order, and wait until it is carried out; poison makes sure that there is something to say."""
        where.worker.order(self._order)
        await where.feed.volley()
        await died(where, where.worker)

    async def heal(self, where: Scene) -> None:
        """Start another."""
        where.bury(where.worker)
        where.hire()


class KillBeside(Fault[Scene]):
    """The process that folds beside a worker's own is killed: the worker ends as well, and is started anew."""

    name = "kill -9 of the process beside"
    kills = True

    async def inject(self, where: Scene) -> None:
        """Kill it while there is work."""
        await where.feed.volley()
        where.worker.let_go = True
        beside = where.worker.beside()
        if not beside:
            raise NotStruck(f"{where.service}: no process folds beside {where.worker.pid}")
        for each in beside:
            os.kill(each, signal.SIGKILL)
        await died(where, where.worker)

    async def heal(self, where: Scene) -> None:
        """Start another."""
        where.bury(where.worker)
        where.hire()


class KillWhileRevoking(Fault[Scene]):
    """The worker dies while its partitions are taken from it for a second one, which stays."""

    name = f"kill -9 {DURING_REVOCATION}"
    kills = True

    async def inject(self, where: Scene) -> None:
        """Let a second worker join."""
        first = where.worker
        first.order(Order(DURING_REVOCATION))
        where.hire()
        await died(where, first)

    async def heal(self, where: Scene) -> None:
        """Leave it to the second."""
        where.bury(where.worker)


async def died(where: Scene, hand: Hand) -> None:
    """Return when a worker has carried out its order."""
    try:
        await where.until(lambda: not hand.running, _PASSED_WITHIN_S, "the point is passed")
    except Exception as error:
        words = "\n".join(each.last_words for each in where.crew)
        raise NotStruck(f"{where.service}: {error}: {words}") from error
