"""`python -m bench [NAME ...] [--runs N] [--events N]`: measure, and say what is reached."""

import argparse
import sys

from rich.console import Console

from bench import (
    baking,
    breakdown,
    doors,
    engine,
    growth,
    hop,
    issuing,
    journey,
    latency,
    memory,
    signing,
    standing,
    verifying,
)
from bench.errors import BenchError
from bench.machine import hardware, load
from bench.options import Bench, Options
from bench.report import Surroundings
from deploy.cli.errors import CliError
from deploy.local.errors import LocalError

BENCHES: dict[str, Bench] = {
    "engine": engine.BENCH,
    "hop": hop.BENCH,
    "growth": growth.BENCH,
    "breakdown": breakdown.BENCH,
    "journey": journey.BENCH,
    "doors": doors.BENCH,
    "issuing": issuing.BENCH,
    "latency": latency.BENCH,
    "standing": standing.BENCH,
    "memory": memory.BENCH,
    "signing": signing.BENCH,
    "verifying": verifying.BENCH,
    "baking": baking.BENCH,
}

LOG_WIDTH = 120
"""Columns where there is no terminal to ask."""


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHES)}; all of them by default")
    parser.add_argument("--runs", type=int, help="how often; less than the goal asks for reaches nothing")
    parser.add_argument("--events", type=int, help="how much in each run; less than the goal asks for reaches nothing")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - BENCHES.keys():
        parser.error(f"no bench is named {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    return chosen


def run(name: str, runs: int | None, events: int | None, console: Console) -> None:
    """Measure one thing, print it and keep it."""
    bench = BENCHES[name]
    before = load()
    options = Options(
        runs or bench.runs, events or bench.events, lambda line: console.print(f"{name}: {line}", style="dim")
    )
    report, seen = bench.measure(options)
    around = Surroundings(
        versions=seen,
        hardware=hardware(),
        load=before,
        given={"runs": options.runs, bench.unit: options.events},
        wanted={"runs": bench.runs, bench.unit: bench.events},
    )
    report.save(around)
    report.show(console, around)


def main() -> None:
    """Run what was asked for; a fault is one line on stderr and status 1."""
    chosen = arguments()
    console = Console(width=None if sys.stdout.isatty() else LOG_WIDTH)
    try:
        for name in chosen.names or BENCHES:
            run(name, chosen.runs, chosen.events, console)
    except (BenchError, LocalError, CliError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("stopped")


if __name__ == "__main__":
    main()
