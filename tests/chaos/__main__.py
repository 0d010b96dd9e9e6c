"""`python -m tests.chaos`: strike the services with every fault, and hold them against the truth.

Examples:
  python -m tests.chaos                         the fixed matrix, more than 200 faults, about 20 minutes
  python -m tests.chaos --short                 each kind of fault once, dealt out to the services
  python -m tests.chaos --minutes 60            random schedules for an hour
  python -m tests.chaos --service issuance      one service only
The seed is printed; MICROCRED_CHAOS_SEED repeats a run. The whole matrix leaves results.json, any other run
results-of-a-part.json beside it.

"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from rich.console import Console

from deploy.local.errors import LocalError
from tests.chaos.errors import ChaosError
from tests.chaos.ground import Ground, ground
from tests.chaos.plans import Plan, matrix, random_plan, short
from tests.chaos.run import Outcome, run
from tests.chaos.scene import SERVICES
from tests.chaos.silences import Silence, measure
from tests.chaos.table import LAST_PART, RESULTS, facts, save, show, surroundings, verdict_holds

SEED = 20_261_124
VARIABLE = "MICROCRED_CHAOS_SEED"
_WIDTH = 150


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, help="random schedules for so long, instead of the fixed matrix")
    parser.add_argument("--short", action="store_true", help="each kind of fault once")
    parser.add_argument("--service", action="append", choices=SERVICES, help="only this one; may be repeated")
    return parser.parse_args()


def results_of(chosen: argparse.Namespace) -> Path:
    """Return the file for the results: what is kept is the fixed matrix over all services."""
    return LAST_PART if chosen.minutes or chosen.short or chosen.service else RESULTS


async def rehearse(
    stage: Ground, console: Console, rng: Random, seed: int, chosen: argparse.Namespace
) -> tuple[Outcome, Sequence[Silence]]:
    """Carry out what was asked for."""
    begun = time.monotonic()
    services = chosen.service or SERVICES

    def tell(what: str) -> None:
        console.print(f"{time.monotonic() - begun:7.1f} s  {what[:400]}", style="dim", highlight=False, markup=False)

    silences = await measure(stage, seed, tell)
    if chosen.minutes is None:
        plan: Plan = short(rng, len(services)) if chosen.short else matrix(rng, len(services))
        return await run(stage, plan, seed, tell, services), silences
    whole = Outcome()
    while not whole.verdicts or time.monotonic() - begun < chosen.minutes * 60:
        outcome = await run(stage, random_plan(rng, len(services)), rng.randrange(10**9), tell, services)
        whole.add(outcome)
        tell(f"so far: {whole.strikes.number} faults, {len(whole.findings)} findings, {len(whole.broken)} broken")
    return whole, silences


def main() -> int:
    """Return 0 if nothing was lost or doubled and every promise was kept."""
    chosen = arguments()
    seed = int(os.environ.get(VARIABLE) or (time.time_ns() % 10**9 if chosen.minutes else SEED))
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    given = {"seed": str(seed), "minutes": str(chosen.minutes or ""), "short": str(chosen.short)}
    console.print(f"{VARIABLE}={seed}", highlight=False)
    begun = time.monotonic()
    try:
        with ground() as stage:
            seen = surroundings(stage.mongo_url)
            outcome, silences = asyncio.run(rehearse(stage, console, Random(seed), seed, chosen))
    except (ChaosError, LocalError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        sys.exit("stopped")
    seconds = time.monotonic() - begun
    told = facts({**given, "took": f"{seconds / 60:.1f} minutes"})
    console.print(told, style="dim", highlight=False, soft_wrap=True)
    save(outcome, silences, file=results_of(chosen), seconds=seconds, given=given, mongo=seen)
    show(console, outcome, silences)
    return 0 if verdict_holds(outcome, silences) else 1


if __name__ == "__main__":
    raise SystemExit(main())
