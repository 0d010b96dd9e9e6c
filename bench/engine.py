"""`engine`: events in, one write, events out, through one worker; beside it the peers, and no framework."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.cohorts import LEARNERS
from bench.contenders.spec import Run
from bench.ground import Ground, Log, ground
from bench.machine import versions
from bench.options import Bench, Options
from bench.report import Report
from bench.verdict import Figure

GOAL = 18_000
GOAL_SHIPPED = 15_000
FEW = 4_000
"""Events of a run of those who take one by one: a rate needs no more of them."""
ATTEMPTS = 20

_COLUMNS = ("contender", "events", "events/s", "slowest", "fastest", "CPU us", "chunk", "MiB")
_NOTES = (
    "CPU us: of the worker and what folds beside it, an event; chunk: events in one, on average; MiB: the most memory",
    """Microcred: Faust on our transport, each chunk one transaction with its position and what it says; as it ships:
the assessment service's own worker, results in, an `assessed` for each and `passed` out. Both with the process that
folds beside, as by default; the ratios are those of one process, since each peer is one. Plain loop: confluent-kafka
and our chunk function.""",
    """FastStream batch, Faust take(1000): the same fold, one find and one bulk write; no transaction and no position.
One by one: the same fold, one find and one write awaited for each event, one send for each pass.""",
    """Medians of the runs, from first to last effect; every run ended in exactly the documents and events that its
events must end in. Those who fold many at once owe it most of what they gain over one write for each event.""",
)


@dataclass(frozen=True, slots=True)
class Contender:
    """One row: its title, the work it is given, and how many times as fast we must be (None: no goal)."""

    title: str
    work: str = "bench"
    goal: float | None = None
    unit: str = ""


CONTENDERS = {
    "microcred": Contender("Microcred, plain handler"),
    "microcred_alone": Contender("Microcred, one process"),
    "assessment": Contender("Microcred, as it ships", "shipped"),
    "plain_loop": Contender("plain loop", goal=0.8, unit="of the plain loop"),
    "faststream_batch": Contender("FastStream batch", goal=1, unit="times FastStream batch"),
    "stock_faust": Contender("Faust take(1000)", goal=2, unit="times stock Faust take(1000)"),
    "faststream_one": Contender("FastStream one by one", "few", 3, "times FastStream one by one"),
    "quix_one": Contender("Quix Streams one by one", "few", 30, "times Quix Streams one by one"),
    "stock_faust_one": Contender("Faust one by one", "few", 30, "times stock Faust one by one"),
}


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Run every contender in turn, as often as asked: whatever else the machine does falls on all of them."""
    runs: dict[str, list[Run]] = {name: [] for name in CONTENDERS}
    with ground() as stage:
        options.say(f"publishing {options.events} events twice, and {FEW} for those who take one by one")
        logs = _logs(stage, options.events)
        for number in range(1, options.runs + 1):
            for name, done in runs.items():
                done.append(stage.run(name, logs[CONTENDERS[name].work]))
                options.say(f"run {number} of {options.runs}: {name} {done[-1].rate:.0f} events/s")
        seen = versions(stage.mongo_url)
    rates = {name: median(run.rate for run in done) for name, done in runs.items()}
    return Report(
        name="engine",
        title="events in, one write, events out; one worker",
        columns=_COLUMNS,
        rows=[_row(CONTENDERS[name].title, done) for name, done in runs.items()],
        figures=figures(rates),
        notes=_NOTES,
        raw={name: [run.rate for run in done] for name, done in runs.items()},
    ), seen


def figures(rates: Mapping[str, float]) -> tuple[Figure, ...]:
    """Return a figure for each peer, in the order of the table, then ours; `rates` in events a second."""
    ratios = [
        Figure("engine ratio", rates["microcred_alone"] / rates[name], each.unit, each.goal, digits=2)
        for name, each in CONTENDERS.items()
        if each.goal is not None
    ]
    return (
        *ratios,
        Figure("engine shipped", rates["assessment"], "events/s", GOAL_SHIPPED),
        Figure("engine", rates["microcred"], "events/s", GOAL),
    )


def _logs(stage: Ground, events: int) -> dict[str, Log]:
    few = min(events, FEW)
    return {
        "bench": stage.grading(events, LEARNERS),
        "shipped": stage.shipped(events, LEARNERS),
        "few": stage.grading(few, max(few // ATTEMPTS, 1), "few"),
    }


def _row(name: str, runs: Sequence[Run]) -> tuple[str, ...]:
    rates = [run.rate for run in runs]
    return (
        name,
        str(runs[0].marks[-1].events),
        *(f"{rate:.0f}" for rate in (median(rates), min(rates), max(rates))),
        f"{median(run.cpu_us for run in runs):.1f}",
        f"{median(run.chunk for run in runs):.0f}",
        f"{median(run.megabytes for run in runs):.0f}",
    )


BENCH = Bench(runs=5, events=200_000, unit="events", measure=measure)
