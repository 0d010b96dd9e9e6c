"""`memory`: whether a worker's memory stays where it is over a million events in each of its two processes."""

from collections.abc import Mapping, Sequence
from statistics import median

from bench.cohorts import LEARNERS
from bench.contenders.spec import Mark, Run
from bench.ground import ground
from bench.machine import versions
from bench.options import Bench, Options
from bench.report import Report
from bench.verdict import Figure

GOAL_MIB = 20
"""The growth that is still flat.

What a worker holds at a time (a few fetches of 2,000 records, their documents, a transaction for each lane) varies from
chunk to chunk, and its allocator keeps the most that was ever needed: some MiB, the last of them when each process has
folded some 200,000 events. A leak of 15 bytes an event, less than any object, is 23 MiB over the 1,600,000 events
between the tenths that are compared, and does not pass.
"""

TENTHS = 10
_MIB = 2**20
_COLUMNS = ("tenth of the events", "median MiB", "most MiB")


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Sample the resident memory after every chunk; the first tenth, in which all is made, is left out."""
    runs: list[Run] = []
    with ground() as stage:
        options.say(f"publishing {options.events} events")
        log = stage.grading(options.events, LEARNERS)
        for number in range(1, options.runs + 1):
            runs.append(stage.run("microcred", log))
            options.say(f"run {number} of {options.runs}: grew by {growth(runs[-1]):.1f} MiB")
        seen = versions(stage.mongo_url)
    grown = [growth(run) for run in runs]
    shown = sorted(runs, key=growth)[len(runs) // 2]
    return Report(
        name="memory",
        title="resident memory of one worker, both processes together, in the median run",
        columns=_COLUMNS,
        rows=[_row(number, part) for number, part in enumerate(tenths(shown), 1)],
        figures=(Figure("memory", median(grown), "MiB growth", GOAL_MIB, at_least=False, digits=1),),
        notes=(
            "growth: median of the last tenth less median of the second; learners come in cohorts of 200,000 events",
        ),
        raw={"growth": grown, "tenths": [[_median(part) for part in tenths(run)] for run in runs]},
    ), seen


def tenths(run: Run) -> list[list[Mark]]:
    """Return the marks of each tenth of the events; a run has more chunks than tenths."""
    parts: list[list[Mark]] = [[] for _ in range(TENTHS)]
    whole = run.marks[-1].events
    for mark in run.marks:
        parts[(mark.events - 1) * TENTHS // whole].append(mark)
    return [part for part in parts if part]


def growth(run: Run) -> float:
    """Return the growth from the second tenth to the last, in MiB."""
    parts = tenths(run)
    return _median(parts[-1]) - _median(parts[1])


def _median(part: Sequence[Mark]) -> float:
    return median(mark.rss for mark in part) / _MIB


def _row(number: int, part: Sequence[Mark]) -> tuple[str, ...]:
    return str(number), f"{_median(part):.1f}", f"{max(mark.rss for mark in part) / _MIB:.1f}"


BENCH = Bench(runs=3, events=2_000_000, unit="events", measure=measure)
