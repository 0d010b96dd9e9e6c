"""`standing`: from a decision on a credential until its status list says so, as a cache hands it out at the latest."""

import time
from collections.abc import Mapping
from statistics import median

from bench.errors import EffectsLost
from bench.machine import versions
from bench.options import Bench, Options
from bench.product import Tenant, product
from bench.report import Report
from bench.samples import COLUMNS, rows
from bench.verdict import Figure
from deploy.cli.enrolment import HttpSender
from services.issuance.status import decoded, is_set

GOAL_MS = 2_000
CACHED_MS = 1_000
_PAUSE_S = 0.005
_PATIENCE_S = 30.0
_LEARNER = "learner-00001"
_NOTES = (
    """from the beginning of POST /v1/credentials/{id}/suspend or /reinstate until the list of suspensions shows it,
asked again 5 ms later""",
    f"{CACHED_MS} ms are added to each: so long may a cache hand out the list from before (Cache-Control)",
)


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Suspend and reinstate one credential in turn."""
    runs: list[list[float]] = []
    with product(options.say) as whole:
        for number in range(1, options.runs + 1):
            runs.append(_samples(whole.tenant(number), options.events))
            options.say(f"run {number} of {options.runs}: worst {max(runs[-1]):.1f} ms")
        seen = versions(whole.mongo_url)
    worst = max(max(run) for run in runs)
    return Report(
        name="standing",
        title="from a decision to the status list, on an idle system",
        columns=COLUMNS,
        rows=rows(runs),
        figures=(
            Figure("standing median", median(map(median, runs)), "ms", GOAL_MS, at_least=False),
            Figure("standing", worst, "ms at the worst", GOAL_MS, at_least=False),
        ),
        notes=_NOTES,
        raw=runs,
    ), seen


def _samples(tenant: Tenant, count: int) -> list[float]:
    send = HttpSender(tenant.enrolment).send
    send([tenant.registration(_LEARNER), tenant.result(_LEARNER)])
    tenant.wait_for(lambda stages: stages.issued == 1)
    path = tenant.credential_path(_LEARNER)
    status = tenant.issuance.call("GET", path).json()["credentialStatus"]
    suspensions = "/status/" + status["statusListCredential"].rsplit("/", 1)[-1] + "/suspension"
    return [
        _sample(tenant, f"/v1{path}", (suspensions, int(status["statusListIndex"])), suspended=turn % 2 == 0)
        for turn in range(count)
    ]


def _sample(tenant: Tenant, path: str, entry: tuple[str, int], *, suspended: bool) -> float:
    """Return the milliseconds of one decision."""
    suspensions, index = entry
    began = time.perf_counter()
    tenant.issuance.call("POST", f"{path}/{'suspend' if suspended else 'reinstate'}", json={"code": "inquiry"})
    while True:
        subject = tenant.issuance.call("GET", suspensions).json()["credentialSubject"]
        if is_set(decoded(subject["encodedList"]), index) is suspended:
            return (time.perf_counter() - began) * 1000 + CACHED_MS
        if time.perf_counter() - began > _PATIENCE_S:
            raise EffectsLost("standing", "decisions in time", 0, 1)
        time.sleep(_PAUSE_S)


BENCH = Bench(runs=5, events=100, unit="decisions", measure=measure)
