"""How long partitions are silent when workers join, leave and die: sampled from the ledger under an even load."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from pymongo.collection import Collection

from shared.contracts.topics import PLATFORM_EVENTS
from tests.chaos.faults.groups import joined
from tests.chaos.ground import SESSION_S, Ground
from tests.chaos.run import Tell
from tests.chaos.scene import Scene, scene

PARTITION_GOAL_S = 4.0
GROUP_GOAL_S = 0.5
KILLED_GOAL_S = SESSION_S + 2.0
_SAMPLE_S = 0.02
_SETTLE_S = 3.0
Act = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Silence:
    """The longest silences around one event, in seconds, and their goals; None where there is none."""

    event: str
    partition_s: float
    group_s: float
    partition_goal_s: float
    group_goal_s: float | None

    @property
    def kept(self) -> bool:
        """Whether both promises were kept."""
        return self.partition_s <= self.partition_goal_s and (
            self.group_goal_s is None or self.group_s <= self.group_goal_s
        )


@dataclass(slots=True)
class _Watch:
    """When each partition's position was last seen to move, and the longest gaps."""

    moved: dict[str, tuple[int, float]] = field(default_factory=dict)
    gaps: dict[str, float] = field(default_factory=dict)
    group_moved: float = field(default_factory=time.monotonic)
    group_gap: float = 0.0

    def see(self, positions: dict[str, int], now: float) -> None:
        """Take one sample."""
        for key, position in positions.items():
            before = self.moved.get(key)
            if before is None or position > before[0]:
                if before is not None:
                    self.gaps[key] = max(self.gaps.get(key, 0.0), now - before[1])
                    self.group_gap = max(self.group_gap, now - self.group_moved)
                    self.group_moved = now
                self.moved[key] = (position, now)

    def begin(self) -> None:
        """Forget the gaps so far."""
        self.gaps.clear()
        self.group_gap = 0.0
        self.group_moved = time.monotonic()

    @property
    def longest(self) -> float:
        """The longest gap of any partition."""
        return max(self.gaps.values(), default=0.0)


async def measure(ground: Ground, seed: int, tell: Tell) -> list[Silence]:
    """Let a second worker join and leave, and one of two be killed; measure around each."""
    where = scene(ground, "counting", seed)
    where.feed.pause_s = _SAMPLE_S
    watch = _Watch()
    await where.open()
    sampling = asyncio.create_task(_sample(where, watch))
    await asyncio.sleep(_SETTLE_S)
    try:
        found = []
        acts: tuple[tuple[str, Act, tuple[float, float | None]], ...] = (
            ("nothing happens", _nothing, (PARTITION_GOAL_S, GROUP_GOAL_S)),
            ("a worker joins", _join, (PARTITION_GOAL_S, GROUP_GOAL_S)),
            ("a worker leaves", _leave, (PARTITION_GOAL_S, GROUP_GOAL_S)),
            ("a worker joins again", _join, (PARTITION_GOAL_S, GROUP_GOAL_S)),
            ("a worker is killed", _kill, (KILLED_GOAL_S, None)),
        )
        for event, act, goals in acts:
            watch.begin()
            await act(where)
            await asyncio.sleep(_SETTLE_S)
            found.append(Silence(event, watch.longest, watch.group_gap, *goals))
            tell(f"{event}: a partition was silent for {watch.longest:.2f} s, the group for {watch.group_gap:.2f} s")
        return found
    finally:
        sampling.cancel()
        await where.close()


async def _sample(where: Scene, watch: _Watch) -> None:
    with where.ground.client() as client:
        ledger = client[where.subject.database]["ledger"]
        while True:
            rows = await asyncio.to_thread(_rows, ledger)
            watch.see({each["_id"]: int(each.get("next", 0)) for each in rows}, time.monotonic())
            await asyncio.sleep(_SAMPLE_S)


def _rows(ledger: Collection[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(ledger.find({"topic": PLATFORM_EVENTS.name}, {"next": 1}))


async def _nothing(_: Scene) -> None:
    await asyncio.sleep(_SETTLE_S)


async def _join(where: Scene) -> None:
    await joined(where, where.hire())


async def _leave(where: Scene) -> None:
    await where.dismiss(where.crew[-1])


async def _kill(where: Scene) -> None:
    hand = where.crew[-1]
    hand.let_go = True
    hand.signal(signal.SIGKILL)
    where.bury(hand)
    await asyncio.sleep(_SETTLE_S)  # what is published now is what waits for its partitions' next owner
    await where.catch_up("a kill")
