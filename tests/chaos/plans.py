"""Which faults strike, and in which order: the fixed matrix, its short form, and random schedules."""

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.chaos.doomed import orders
from tests.chaos.doomed.orders import Order
from tests.chaos.faults.brokers import BrokerRestarts, BrokersAway, LeadersChange
from tests.chaos.faults.fault import Fault
from tests.chaos.faults.groups import DyingZombie, JoinAndLeave, Zombie
from tests.chaos.faults.kills import Kill, KillBeside, KillWhileRevoking
from tests.chaos.faults.mongo import MongoAway, MongoDies, StepDown, disk_full, slow_writes
from tests.chaos.faults.operators import OffsetsMoved, OffsetsMovedAtWork, OlderDump, TopicMadeAnew
from tests.chaos.faults.records import Poison
from tests.chaos.feed import PAUSE_S
from tests.chaos.ground import Ground
from tests.chaos.scene import LOOK_S, Scene

_MOST_PASSINGS = 4
_LONGEST_COMMIT_MS = 5.0
_POINTS = tuple(point for point in orders.POINTS if point != orders.DURING_REVOCATION)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run injects.

    Each service suffers `own`, side by side with the others; meanwhile or afterwards `shared` strikes what all stand
    on, one fault after another.
    """

    own: Sequence[Sequence[Fault[Scene]]]
    shared: Sequence[Fault[Ground]]
    pause_s: float = PAUSE_S
    """Seconds between two bursts of what is published meanwhile."""
    look_s: float = LOOK_S
    """Seconds between two looks at how far a service is: so exactly are the times known."""


def matrix(rng: Random, services: int) -> Plan:
    """Return the whole matrix: more than 200 faults over five services."""
    return Plan([_own(rng, rounds=4) for _ in range(services)], _shared(rng, away_s=60, rounds=2))


def short(rng: Random, services: int) -> Plan:
    """Return the matrix for every day: each kind of fault once, dealt out to the services."""
    others: list[Fault[Scene]] = [*_groups(), Poison(), *_kills(rng)]
    rng.shuffle(others)
    return Plan(
        [[*_operators()[place::services], *others[place::services]] for place in range(services)],
        _shared(rng, away_s=4, rounds=1, killed_after_s=2),
        pause_s=6 * PAUSE_S,
        look_s=4 * LOOK_S,
    )


def random_plan(rng: Random, services: int) -> Plan:
    """Return a schedule drawn at random: some minutes of it."""
    own: list[list[Fault[Scene]]] = []
    for _ in range(services):
        faults = [*_operators(), *_groups(), *_kills(rng), Poison(), *_kills(rng)]
        own.append(rng.sample(faults, k=8))
    shared = _shared(rng, away_s=rng.choice((5, 20, 60)), rounds=1)
    return Plan(own, rng.sample(shared, k=4))


def _own(rng: Random, rounds: int) -> list[Fault[Scene]]:
    """Return what one service suffers; operators come first, while their dumps are small."""
    kills = [kill for _ in range(rounds) for kill in _kills(rng)]
    others = [fault for _ in range((rounds + 1) // 2) for fault in (*_groups(), Poison())]
    rest: list[Fault[Scene]] = [*kills, *others]
    rng.shuffle(rest)
    return [*_operators(), *rest]


def _operators() -> list[Fault[Scene]]:
    moved = [OffsetsMoved(how) for how in ("deleted", "earliest", "latest")]
    return [*moved, OffsetsMovedAtWork(), OlderDump(), TopicMadeAnew()]


def _groups() -> list[Fault[Scene]]:
    return [JoinAndLeave(), Zombie(), DyingZombie()]


def _kills(rng: Random) -> list[Fault[Scene]]:
    return [*(Kill(_order(rng, point)) for point in _POINTS), KillBeside(), KillWhileRevoking()]


def _order(rng: Random, point: str) -> Order:
    return Order(point, rng.randint(1, _MOST_PASSINGS), rng.uniform(0, _LONGEST_COMMIT_MS))


def _shared(rng: Random, *, away_s: float, rounds: int, killed_after_s: float | None = None) -> list[Fault[Ground]]:
    """Return what strikes the servers."""
    faults: list[Fault[Ground]] = []
    for _ in range(rounds):
        faults += [
            StepDown(),
            LeadersChange(rng.randrange(3)),
            MongoDies(),
            BrokerRestarts(rng.randrange(3), signal.SIGKILL),
            disk_full(min(away_s, 5)),
            LeadersChange(rng.randrange(3)),
            StepDown(),
        ]
    return [
        *faults,
        slow_writes(min(away_s, 8)),
        BrokerRestarts(rng.randrange(3), signal.SIGTERM),
        BrokersAway(away_s, killed_after_s=killed_after_s),
        MongoAway(away_s),
    ]
