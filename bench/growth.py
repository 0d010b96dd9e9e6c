"""`growth`: what an event costs beside a million stored journeys, against ten thousand."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from random import Random
from statistics import median
from typing import NamedTuple

from bench.ground import Ground, Log, ground
from bench.machine import versions
from bench.options import Bench, Options
from bench.report import Report
from bench.shipped import results
from bench.spent import cpu_seconds, since
from bench.stored import Stored, journeys, learner
from bench.truth import check_said
from bench.verdict import Figure
from shared.kit.store import Document

GOAL = 1.15
FEW, MANY = 10_000, 1_000_000
CACHE_GB = 4.0
"""A database server gives half its memory to its cache; `microcred up` asks for less than such a database needs."""
SPREAD = 50_000
"""Events of the runs that touch another journey with every event."""

_COLUMNS = ("stored journeys", "events for", "events", "us/event", "least", "most", "CPU us", "mongod CPU us")
_NOTES = (
    """The assessment service's worker as it ships, with its indexes; every stored journey is enrolled and has handed in
four results. Stored past the engine; what a run touched is put back before the next one.""",
    "CPU us: of worker and process beside, an event; mongod CPU us: of the database, its checkpoints included",
    """The goal is for the same events for the same 10,000 learners, whose journeys lie spread over all keys: only what
is stored beside them differs. The last row is no goal: every event for another learner of the million, so that
nothing is folded together, and each document comes from all over the disk.""",
)


class Cost(NamedTuple):
    """Microseconds of one event: by the clock, and of the processors' time in the worker and in mongod."""

    wall: float
    worker: float
    mongod: float


@dataclass(frozen=True, slots=True)
class Case:
    """One row: a database, the log that is folded into it, and the journeys that the log touches."""

    title: str
    stored: Stored
    log: Log
    touched: Sequence[Document]

    def run(self, stage: Ground) -> Cost:
        """Put everything back, fold the log, check."""
        self.stored.put_back(self.touched)
        spec = stage.spec(self.log, self.stored.name)
        before = cpu_seconds()
        run = stage.answer("assessment", spec)
        mongod = since(before)["mongod"]
        check_said(self.title, self.log.said.fresh(), self.log.truth)
        self.stored.check(self.title, list(self.log.truth.documents.values()))
        return Cost(1e6 / run.rate, run.cpu_us, mongod / self.log.count * 1e6)


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Store the journeys, then fold in turns."""
    with ground(CACHE_GB) as stage, ExitStack() as opened:
        options.say(f"storing {FEW:,} and {MANY:,} journeys, publishing {options.events + SPREAD} events")
        cases = _cases(stage, options.events, opened)
        runs: list[list[Cost]] = [[] for _ in cases]
        for number in range(1, options.runs + 1):
            for done, case in zip(runs, cases, strict=True):
                done.append(case.run(stage))
            options.say(
                f"run {number} of {options.runs}: {' / '.join(f'{done[-1].wall:.1f}' for done in runs)} us/event"
            )
        sizes = f"size of the million: {cases[1].stored.gigabytes:.2f} GiB; mongod's cache: {CACHE_GB:g} GiB"
        seen = versions(stage.mongo_url)
    costs = [median(cost.wall for cost in done) for done in runs]
    return Report(
        name="growth",
        title="the cost of an event beside what is stored already",
        columns=_COLUMNS,
        rows=[_row(case, done) for case, done in zip(cases, runs, strict=True)],
        figures=(Figure("growth", costs[1] / costs[0], "times the cost at 10,000", GOAL, at_least=False, digits=2),),
        notes=(*_NOTES, sizes),
        raw={case.title: [cost._asdict() for cost in done] for case, done in zip(cases, runs, strict=True)},
    ), seen


def _cases(stage: Ground, events: int, opened: ExitStack) -> list[Case]:
    active = range(0, MANY, MANY // FEW)
    small, large = (
        opened.enter_context(closing(Stored(stage.mongo_url, name, numbers)))
        for name, numbers in (("small", active), ("large", range(MANY)))
    )
    some, touched = _log(stage, "active", active, events)
    others, touched_others = _log(stage, "spread", sorted(Random(MANY).sample(range(MANY), SPREAD)), SPREAD)
    return [
        Case(f"{FEW:,}", small, some, touched),
        Case(f"{MANY:,}", large, some, touched),
        Case(f"{MANY:,}, spread", large, others, touched_others),
    ]


def _log(stage: Ground, name: str, numbers: Sequence[int], events: int) -> tuple[Log, list[Document]]:
    truth = journeys(numbers)
    touched = list(truth.documents.values())
    work = truth.taking(results([learner(number) for number in numbers], events))
    return stage.log(name, events, work, truth), touched


def _row(case: Case, costs: Sequence[Cost]) -> tuple[str, ...]:
    learners = len(case.touched)
    wall = [cost.wall for cost in costs]
    return (
        case.title,
        f"{learners:,} learners",
        f"{case.log.count:,}",
        *(f"{cost:.1f}" for cost in (median(wall), min(wall), max(wall))),
        f"{median(cost.worker for cost in costs):.1f}",
        f"{median(cost.mongod for cost in costs):.1f}",
    )


BENCH = Bench(runs=5, events=100_000, unit="events", measure=measure)
