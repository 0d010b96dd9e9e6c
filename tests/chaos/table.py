"""A run's tables, its closing line, and the file that it leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from bench.machine import hardware, line, versions
from tests.chaos.run import Outcome
from tests.chaos.scene import SERVICES
from tests.chaos.silences import KILLED_GOAL_S, Silence
from tests.chaos.strikes import ALL, LAG_GOAL_S, worst, worst_served

RESULTS = Path(__file__).with_name("results.json")
"""Of the whole matrix, and of nothing less: it is committed."""
LAST_PART = Path(__file__).with_name("results-of-a-part.json")
"""Of any other run."""


def verdict_holds(outcome: Outcome, silences: Sequence[Silence]) -> bool:
    """Tell whether nothing was found, nothing was broken and all promises of time were kept."""
    kept = not outcome.late and all(each.kept for each in silences)
    return not outcome.findings and not outcome.broken and kept


def closing_line(outcome: Outcome) -> str:
    """Return the line that a run is known by."""
    return f"faults {outcome.strikes.number}, lost {outcome.count('lost')}, doubled {outcome.count('doubled')}"


def show(console: Console, outcome: Outcome, silences: Sequence[Silence]) -> None:
    """Print everything; the closing line is last."""
    console.print(_faults(outcome))
    console.print(_verdicts(outcome))
    if silences:
        console.print(_silences(silences))
    for kind, words in (("broken", outcome.broken), ("late", outcome.late)):
        for each in words:
            console.print(f"{kind}: {each[:600]}", style="red", highlight=False, markup=False)
    for finding in outcome.findings[:20]:
        console.print(str(finding)[:600], style="red", highlight=False, markup=False)
    console.print(closing_line(outcome), highlight=False, soft_wrap=True)


def _faults(outcome: Outcome) -> Table:
    title = "faults: how many, and the longest time in seconds until all was folded again"
    table = Table(title=f"{title} (goal {LAG_GOAL_S:g}; and until a killed worker's partitions were served)")
    table.add_column("fault", no_wrap=True)
    columns = (*SERVICES, ALL)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("served", justify="right", no_wrap=True)
    for fault in outcome.strikes.faults():
        cells = []
        for service in columns:
            strikes = outcome.strikes.of(fault, service)
            number = sum(each.weight for each in strikes)
            cells.append(f"{number} x {worst(strikes):.1f}" if strikes else "")
        served = worst_served(each for each in outcome.strikes.made if each.fault == fault)
        table.add_row(fault, *cells, "" if served is None else f"{served:.1f}")
    return table


def _verdicts(outcome: Outcome) -> Table:
    table = Table(title="what the checker found")
    for name in ("service", "records", "documents", "outputs", "dead letters", "lost", "doubled", "disordered"):
        table.add_column(name, justify="left" if name == "service" else "right", no_wrap=True)
    table.add_column("lag 0 after s", justify="right")
    table.add_column("ended alone", justify="right")
    for service, verdict in outcome.verdicts.items():
        numbers = (verdict.inputs, verdict.documents, verdict.outputs, verdict.refused)
        kinds = (verdict.count(kind) for kind in ("lost", "doubled", "disordered"))
        lag = f"{outcome.lag_s[service]:.1f}"
        table.add_row(service, *map(str, numbers), *map(str, kinds), lag, str(outcome.rehired[service]))
    return table


def _silences(silences: Sequence[Silence]) -> Table:
    table = Table(title=f"silences in seconds (a killed worker: goal {KILLED_GOAL_S:g}, its session timeout + 2)")
    for name in ("event", "longest of a partition", "goal", "of the group", "goal", ""):
        table.add_column(name, justify="left" if name == "event" else "right")
    for each in silences:
        group_goal = "" if each.group_goal_s is None else f"{each.group_goal_s:g}"
        numbers = (f"{each.partition_s:.2f}", f"{each.partition_goal_s:g}", f"{each.group_s:.2f}", group_goal)
        table.add_row(each.event, *numbers, "kept" if each.kept else "broken")
    return table


def save(
    outcome: Outcome,
    silences: Sequence[Silence],
    *,
    file: Path,
    seconds: float,
    given: Mapping[str, str],
    mongo: Mapping[str, str],
) -> None:
    """Write all of it as JSON, with versions, hardware, and how long the run took from its servers' start."""
    content = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "line": closing_line(outcome),
        "holds": verdict_holds(outcome, silences),
        "seconds": round(seconds, 1),
        "given": given,
        "versions": mongo,
        "hardware": hardware(),
        "strikes": [asdict(each) for each in outcome.strikes.made],
        "silences": [{**asdict(each), "kept": each.kept} for each in silences],
        "services": {
            service: {
                "records": verdict.inputs,
                "documents": verdict.documents,
                "outputs": verdict.outputs,
                "dead_letters": verdict.refused,
                "findings": [str(finding) for finding in verdict.findings[:100]],
                "lag_s": outcome.lag_s[service],
                "ended_alone": outcome.rehired[service],
            }
            for service, verdict in outcome.verdicts.items()
        },
        "broken": outcome.broken,
        "late": outcome.late,
    }
    file.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def surroundings(mongo_url: str) -> Mapping[str, str]:
    """Return the versions of all that takes part."""
    return versions(mongo_url)


def facts(given: Mapping[str, str]) -> str:
    """Return what a run was given, and on what, as one line."""
    return line({**given, **hardware()})
