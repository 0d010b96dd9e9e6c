"""`latency`: from the request with the completing result until the credential can be read, nothing else going on."""

import random
import time
from collections.abc import Mapping
from statistics import median

from bench.errors import EffectsLost
from bench.machine import versions
from bench.options import Bench, Options
from bench.product import Tenant, product
from bench.report import Report
from bench.samples import COLUMNS, percentile, rows
from bench.verdict import Figure
from deploy.cli.enrolment import HttpSender

GOAL_MS = 500
NOT_YET = 404
_PAUSE_S = 0.002
_IDLE_S = (0.05, 0.15)
_PATIENCE_S = 30.0
_NOTES = (
    "from the beginning of POST /v1/events to the answer 200 of GET /credentials/{id}, asked again 2 ms after each 404",
    "one learner at a time, 50 to 150 ms of silence between them; the asking is part of the machine's load",
)


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Complete one learner after the other."""
    runs: list[list[float]] = []
    with product(options.say) as whole:
        for number in range(1, options.runs + 1):
            runs.append(_samples(whole.tenant(number), options.events))
            options.say(f"run {number} of {options.runs}: p99 {percentile(runs[-1], 0.99):.1f} ms")
        seen = versions(whole.mongo_url)
    p99 = median(percentile(run, 0.99) for run in runs)
    return Report(
        name="latency",
        title="from POST to credential readable, on an idle system",
        columns=COLUMNS,
        rows=rows(runs),
        figures=(Figure("latency", p99, "ms p99", GOAL_MS, at_least=False),),
        notes=_NOTES,
        raw=runs,
    ), seen


def _samples(tenant: Tenant, count: int) -> list[float]:
    learners = [f"learner-{number:05d}" for number in range(count)]
    send = HttpSender(tenant.enrolment).send
    for first in range(0, count, 1000):
        send([tenant.registration(learner) for learner in learners[first : first + 1000]])
    tenant.wait_for(lambda stages: stages.enrolled == count)
    dice = random.Random(count)
    return [_sample(tenant, learner, dice.uniform(*_IDLE_S)) for learner in learners]


def _sample(tenant: Tenant, learner: str, idle_s: float) -> float:
    """Return the milliseconds of one completion."""
    time.sleep(idle_s)
    body, path = tenant.result(learner).encode(), tenant.credential_path(learner)
    began = time.perf_counter()
    headers = {"Content-Type": "application/cloudevents+json"}
    tenant.enrolment.call("POST", "/v1/events", content=body, headers=headers)
    while tenant.issuance.call("GET", path, accept=(NOT_YET,)).status_code == NOT_YET:
        if time.perf_counter() - began > _PATIENCE_S:
            tenant.watch()
            raise EffectsLost("latency", f"credentials of {learner} within {_PATIENCE_S:g} s", 0, 1)
        time.sleep(_PAUSE_S)
    return (time.perf_counter() - began) * 1000


BENCH = Bench(runs=5, events=200, unit="samples", measure=measure)
