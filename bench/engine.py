"""`engine`: `assessed` in, one write, `passed` out, through one worker process; beside it stock Faust and no Faust."""

from collections.abc import Mapping, Sequence
from statistics import median

from bench.contenders.spec import Run
from bench.ground import ground
from bench.machine import versions
from bench.options import Bench, Options
from bench.report import Report
from bench.verdict import Figure

GOAL = 10_000
RATIO_GOAL = 2
NAMES = {"microcred": "Microcred", "stock_faust": "stock Faust", "plain_loop": "plain loop"}
_COLUMNS = ("contender", "events/s", "slowest", "fastest", "CPU us", "chunk", "MiB")
_NOTES = (
    "CPU us: of the worker process, an event; chunk: events in one, on average; MiB: the most memory",
    """Microcred: Faust on our transport, each chunk one transaction with its position and what it says; stock Faust:
take(1000), one find and one bulk write, no transaction; plain loop: confluent-kafka and our chunk function.""",
    """Medians of the runs, from first to last effect; every run ended in exactly the documents and passes that its
events must end in. All three fold by document, which is most of the gain over one write for each event.""",
)


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Run every contender in turn, as often as asked: whatever else the machine does falls on all of them."""
    runs: dict[str, list[Run]] = {name: [] for name in NAMES}
    with ground(options.events, options.say) as stage:
        for number in range(1, options.runs + 1):
            for name, done in runs.items():
                done.append(stage.run(name))
                options.say(f"run {number} of {options.runs}: {name} {done[-1].rate:.0f} events/s")
        seen = versions(stage.mongo_url)
    rates = {name: median(run.rate for run in done) for name, done in runs.items()}
    figures = (
        Figure("engine ratio", rates["microcred"] / rates["stock_faust"], "times stock Faust", RATIO_GOAL, digits=2),
        Figure("engine", rates["microcred"], "events/s", GOAL),
    )
    price = 1 - rates["microcred"] / rates["plain_loop"]
    return Report(
        name="engine",
        title="assessed, one write, passed; one worker process",
        columns=_COLUMNS,
        rows=[_row(NAMES[name], done) for name, done in runs.items()],
        figures=figures,
        notes=(*_NOTES, f"the framework's price: {price:.1%} of the plain loop's throughput"),
        raw={name: [run.rate for run in done] for name, done in runs.items()},
    ), seen


def _row(name: str, runs: Sequence[Run]) -> tuple[str, ...]:
    rates = [run.rate for run in runs]
    return (
        name,
        *(f"{rate:.0f}" for rate in (median(rates), min(rates), max(rates))),
        f"{median(run.cpu_us for run in runs):.1f}",
        f"{median(run.chunk for run in runs):.0f}",
        f"{median(run.megabytes for run in runs):.0f}",
    )


BENCH = Bench(runs=5, events=200_000, unit="events", measure=measure)
