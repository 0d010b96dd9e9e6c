"""Workers that come, go, and come back from the dead."""

import asyncio
import signal

from tests.chaos.doomed.orders import BEFORE_PRODUCE, Order
from tests.chaos.errors import NotStruck
from tests.chaos.faults.fault import Fault
from tests.chaos.faults.kills import died
from tests.chaos.ground import SESSION_S
from tests.chaos.hand import Hand
from tests.chaos.scene import Scene
from tests.chaos.strikes import LAG_GOAL_S

_JOINED_WITHIN_S = 45.0
_MARGIN_S = 2.5
_AT_WORK = "worker.resumed"


class JoinAndLeave(Fault[Scene]):
    """A second and a third worker join under load, then leave as they are asked to."""

    name = "workers join and leave"
    weight = 4

    async def inject(self, where: Scene) -> None:
        """Let both join, one after the other."""
        for _ in range(2):
            await joined(where, where.hire())

    async def heal(self, where: Scene) -> None:
        """Let both leave; the first goes first, so that the others take over what it had."""
        for hand in where.crew[:2]:
            await where.dismiss(hand)


class Zombie(Fault[Scene]):
    """A worker is stopped for longer than its session, another takes over, and the first wakes up."""

    name = "zombie (SIGSTOP, SIGCONT)"

    async def inject(self, where: Scene) -> None:
        """Stop the first until the second has its partitions."""
        await _overtaken(where)
        where.worker.signal(signal.SIGCONT)

    async def heal(self, where: Scene) -> None:
        """Let the zombie find out; then send the second away, so that one is left."""
        await where.catch_up("the zombie woke up", LAG_GOAL_S)
        await where.dismiss(where.crew[-1])


class DyingZombie(Fault[Scene]):
    """The same, and the first dies as soon as it has anything to say: the second has to know what that was."""

    name = "zombie that dies before produce"

    async def inject(self, where: Scene) -> None:
        """Stop the first until the second has its partitions, and order its death meanwhile."""
        await _overtaken(where)
        where.worker.order(Order(BEFORE_PRODUCE))
        await where.feed.volley()
        where.worker.signal(signal.SIGCONT)
        await died(where, where.worker)

    async def heal(self, where: Scene) -> None:
        """Leave it to the second."""
        where.bury(where.worker)


async def _overtaken(where: Scene) -> None:
    second = where.hire()
    await joined(where, second)
    where.worker.signal(signal.SIGSTOP)
    await asyncio.sleep(SESSION_S + _MARGIN_S)
    if not second.running:
        raise NotStruck(f"{where.service}: the second worker ended: {second.last_words}")


async def joined(where: Scene, hand: Hand) -> None:
    """Return when a worker has been given partitions."""
    log = hand.log
    await where.until(lambda: _AT_WORK in log.read_text(errors="replace"), _JOINED_WITHIN_S, "the worker joins")
