"""A run: the services side by side on one ground, a plan that strikes them, and the checker's verdict on each."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.chaos.checker.check import Verdict
from tests.chaos.checker.findings import Finding
from tests.chaos.faults.fault import Fault
from tests.chaos.ground import Ground
from tests.chaos.plans import Plan
from tests.chaos.scene import SERVICES, Scene, scene
from tests.chaos.strikes import ALL, LAG_GOAL_S, Resumption, Strike, Strikes

Tell = Callable[[str], None]


@dataclass(slots=True)
class Outcome:
    """What a run left behind.

    `late` are the promises of time that were not kept: of a machine that does other things as well that says little,
    so it is kept apart from what is `broken`.
    """

    strikes: Strikes = field(default_factory=Strikes)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    lag_s: dict[str, float] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    rehired: dict[str, int] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """All that the checker complains about."""
        return [each for verdict in self.verdicts.values() for each in verdict.findings]

    def count(self, kind: str) -> int:
        """Return how many findings are of this kind, over all services."""
        return sum(each.kind == kind for each in self.findings)

    def note(self, strike: Strike) -> None:
        """Take a strike in, and the promises of time that it broke."""
        self.strikes.made.append(strike)
        self.late += strike.late

    def add(self, other: "Outcome") -> None:
        """Take another run's outcome in."""
        self.strikes.made += other.strikes.made
        self.broken += other.broken
        self.late += other.late
        for service, verdict in other.verdicts.items():
            before = self.verdicts.get(service)
            self.verdicts[service] = verdict if before is None else before.plus(verdict)
            self.lag_s[service] = max(self.lag_s.get(service, 0.0), other.lag_s[service])
            self.rehired[service] = self.rehired.get(service, 0) + other.rehired[service]


async def run(ground: Ground, plan: Plan, seed: int, tell: Tell, services: Sequence[str] = SERVICES) -> Outcome:
    """Carry the plan out and check every service; whatever breaks a promise is in the outcome."""
    outcome = Outcome()
    scenes = [scene(ground, service, seed, pause_s=plan.pause_s, look_s=plan.look_s) for service in services]
    try:
        await asyncio.gather(*(each.open() for each in scenes))
        tell(f"{', '.join(services)}: at work")
        own = zip(scenes, plan.own, strict=True)
        await asyncio.gather(*(_suffer(where, faults, outcome, tell) for where, faults in own))
        for fault in plan.shared:
            await _strike_all(fault, ground, scenes, outcome, tell)
        # Side by side: whoever waits for a verdict would have to be fed, and to work, until it is there.
        await asyncio.gather(*(_rest(where, outcome) for where in scenes))
        # What they write while they stop is judged, too, and nobody waits beside the checker.
        await asyncio.gather(*(where.close() for where in scenes))
        for where in scenes:
            await _judge(where, outcome, tell)
    finally:
        await asyncio.gather(*(each.close() for each in scenes), return_exceptions=True)
    return outcome


async def _suffer(where: Scene, faults: Sequence[Fault[Scene]], outcome: Outcome, tell: Tell) -> None:
    for fault in faults:
        try:
            strike = await _strike(where, fault)
        except Exception as error:  # noqa: BLE001 - one fault that goes wrong must not hide what the others show
            outcome.broken.append(f"{where.service}: {fault.name}: {error}")
            tell(f"{where.service}: {fault.name}: {type(error).__name__}: {error}")
            await _go_on(where)
            continue
        outcome.note(strike)
        served = f"served again after {strike.served_s:.1f} s, " if strike.served_s is not None else ""
        tell(f"{where.service}: {fault.name}: {served}folded again after {strike.seconds:.1f} s")


async def _strike(where: Scene, fault: Fault[Scene]) -> Strike:
    where.feed.hurry()
    await fault.inject(where)
    struck = time.monotonic()
    await fault.heal(where)
    healed = time.monotonic()
    watch: Resumption | None = None
    if fault.kills:
        await asyncio.sleep(2 * where.feed.pause_s)  # what is published now waits for its partitions' next owner
        watch = Resumption(await where.waiting(), struck)
    await where.catch_up(fault.name, watch=watch)
    seconds = time.monotonic() - (struck if fault.kills else healed)
    served_s = None if watch is None else watch.seconds
    return Strike(fault.name, where.service, fault.weight, seconds, fault.kills, served_s)


async def _go_on(where: Scene) -> None:
    """Put a scene in order whose fault went wrong: one worker at work, and a feed."""
    for hand in list(where.crew):
        await where.dismiss(hand)
    where.hire()
    where.feed.go()


async def _strike_all(
    fault: Fault[Ground], ground: Ground, scenes: Sequence[Scene], outcome: Outcome, tell: Tell
) -> None:
    for each in scenes:
        each.feed.hurry()
    try:
        await fault.inject(ground)
        await fault.heal(ground)
        seconds = max(await asyncio.gather(*(each.catch_up(fault.name) for each in scenes)))
    except Exception as error:  # noqa: BLE001 - as above
        outcome.broken.append(f"{fault.name}: {error}")
        tell(f"{fault.name}: {type(error).__name__}: {error}")
        return
    outcome.note(Strike(fault.name, ALL, fault.weight, seconds))
    tell(f"{fault.name}: all folded again after {seconds:.1f} s")


async def _rest(where: Scene, outcome: Outcome) -> None:
    await where.feed.pause()
    begun = time.monotonic()
    behind = -1
    while time.monotonic() - begun < LAG_GOAL_S and behind != 0:
        await asyncio.sleep(0.2)
        where.look_after()
        behind = await where.lag()
    outcome.lag_s[where.service] = time.monotonic() - begun
    if behind:
        outcome.broken.append(f"{where.service}: {behind} records behind {LAG_GOAL_S:g} s after the last fault")


async def _judge(where: Scene, outcome: Outcome, tell: Tell) -> None:
    verdict = await asyncio.to_thread(where.subject.check, where.since)
    outcome.verdicts[where.service] = verdict
    outcome.rehired[where.service] = len(where.rehired)
    tell(
        f"{where.service}: {verdict.inputs} records, {verdict.documents} documents, {verdict.outputs} outputs, "
        f"{verdict.refused} dead letters: {len(verdict.findings)} findings; {len(where.rehired)} workers ended alone"
    )
    for finding in verdict.findings[:5]:
        tell(f"  {finding}")
