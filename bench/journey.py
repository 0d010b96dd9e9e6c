"""`journey`: completions from HTTP batches to issued credentials, through four services on this machine."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median

from bench.errors import EffectsLost
from bench.issued import IssuedLog
from bench.machine import versions
from bench.options import Bench, Options
from bench.product import Product, Tenant, product
from bench.report import Report
from bench.spent import cpu_seconds, since
from bench.verdict import Figure
from deploy.cli.enrolment import BATCH_TYPE
from deploy.cli.funnel import Stages

GOAL = 800
BATCH = 1_000
_PATIENCE_S = 300.0
_COLUMNS = ("run", "completions/s", "HTTP events/s", "taken s", "issued s", "shown s")
_NOTES = (
    "taken, issued, shown: until the last event was answered, the last credential on the log, the funnel complete",
    "a completion: one registration and one result through POST /v1/events, to one signed credential on `issued`",
    "from the first request's beginning to the last credential, all on this machine, sender, broker and database too",
)


@dataclass(frozen=True, slots=True)
class Trip:
    """Seconds from the first request until the last event was taken, credential issued, dashboard complete.

    `spent` is the processor time of each part until then.
    """

    completions: int
    taken: float
    issued: float
    shown: float
    spent: Mapping[str, float]

    @property
    def rate(self) -> float:
        """Completions a second."""
        return self.completions / self.issued

    def row(self, number: int) -> tuple[str, ...]:
        """Return the trip as text."""
        http = 2 * self.completions / self.taken
        return (str(number), *(f"{each:.1f}" for each in (self.rate, http, self.taken, self.issued, self.shown)))


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Send everybody through, a run after the other, each with learners of its own."""
    trips: list[Trip] = []
    with product(options.say) as runs:
        for number in range(1, options.runs + 1):
            trips.append(_trip(runs, runs.tenant(number), options.events))
            options.say(f"run {number} of {options.runs}: {trips[-1].rate:.1f} completions/s")
        seen = versions(runs.mongo_url)
    rate = median(trip.rate for trip in trips)
    return Report(
        name="journey",
        title="from HTTP batch to issued credential",
        columns=_COLUMNS,
        rows=[trip.row(number) for number, trip in enumerate(trips, 1)],
        figures=(Figure("journey", rate, "completions/s", GOAL),),
        notes=(*_NOTES, _spent(trips)),
        raw=[asdict(trip) for trip in trips],
    ), seen


def _trip(runs: Product, tenant: Tenant, completions: int) -> Trip:
    learners = [f"learner-{number:06d}" for number in range(completions)]
    bodies = _bodies(tenant, learners)
    with IssuedLog(runs.bootstrap, completions) as issued:
        before, began = cpu_seconds(), time.perf_counter()
        for body in bodies:
            tenant.enrolment.call("POST", "/v1/events", content=body, headers={"Content-Type": BATCH_TYPE})
        taken = time.perf_counter()
        last = issued.all_issued(_PATIENCE_S)
        stages = tenant.wait_for(lambda stages: stages.issued >= completions)
        shown, spent = time.perf_counter(), since(before)
        _check(learners, issued.learners(), stages)
    for learner in (learners[0], learners[-1]):
        tenant.issuance.call("GET", tenant.credential_path(learner))
    return Trip(completions, taken - began, last - began, shown - began, spent)


def _spent(trips: list[Trip]) -> str:
    """Say what one completion costs each part, so that one sees what to make faster."""
    each = {part: median(trip.spent[part] / trip.completions * 1e6 for trip in trips) for part in trips[0].spent}
    return "CPU us a completion: " + ", ".join(f"{part} {us:.0f}" for part, us in each.items())


def _bodies(tenant: Tenant, learners: list[str]) -> list[bytes]:
    events = [each.encode() for who in learners for each in (tenant.registration(who), tenant.result(who))]
    return [b"[" + b",".join(events[first : first + BATCH]) + b"]" for first in range(0, len(events), BATCH)]


def _check(learners: list[str], issued: list[str], stages: Stages) -> None:
    """Raise `EffectsLost` unless everybody has one credential, and the dashboard says so."""
    everybody = len(learners)
    if sorted(issued) != learners:
        raise EffectsLost("journey", f"of {len(issued)} credentials", len(set(issued) & set(learners)), everybody)
    if stages != Stages(everybody, everybody, everybody, everybody, 0):
        raise EffectsLost("journey", f"in the funnel ({stages})", stages.issued, everybody)


BENCH = Bench(runs=5, events=20_000, unit="completions", measure=measure)
