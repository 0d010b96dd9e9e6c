"""Kill each service's container while events flow, then stop each, and hold every figure against the truth.

Speaks to the installation that `deploy/check/compose-up` names in the environment; the generator of the demo knows
what must come out. A record lost or counted twice anywhere shows in a figure, because analytics counts what all say.
"""

import os
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from deploy.check.containers import KILL, STOP, Ending, NotSurvived, end, memory, start
from deploy.cli.analytics import read_funnel, read_total
from deploy.cli.client import Http
from deploy.cli.demo_data.generate import Run, generate
from deploy.cli.enrolment import HttpSender
from deploy.cli.errors import CliError
from deploy.cli.funnel import STAGES, differences, total
from deploy.cli.lags import Log
from deploy.cli.settling import Watched, settle
from deploy.cli.tokens import make_token
from shared.contracts.envelope import Event
from shared.contracts.topics import SERVICES

LEARNERS = 4_000
SEED = 3
BATCH = 200  # small, so that a service meets its end in the middle of the flow
PATIENCE_S = 180.0


def survive(ending: Ending) -> None:
    """Send a run while every service meets this end in its turn; raises `NotSurvived` for any wrong figure."""
    run = generate(LEARNERS, SEED, f"{ending.name}-{uuid.uuid4().hex[:8]}")
    print(f"{len(run.events):,} events, each service {ending.name} and started in the middle", flush=True)
    with http("enrolment", run.tenant) as enrolment:
        for service, part in zip(SERVICES, _parts(run.events, len(SERVICES)), strict=True):
            with _flowing(HttpSender(enrolment), part):
                records = _work_of(service)
                took = end(service, ending)
                print(f"  {service}: {records:,} records waited, ended in {took:.1f} s, ", end="", flush=True)
                print(f"healthy again after {start(service):.1f} s", flush=True)
    _compare(run)


def http(service: str, tenant: str) -> Http:
    """Return a client that waits while its service is away."""
    token = make_token(Path(os.environ["MICROCRED_TOKEN_SECRET_FILE"]), tenant)
    return Http(service, os.environ[f"MICROCRED_{service.upper()}_URL"], token, patience_s=PATIENCE_S)


def _parts(events: Sequence[Event], number: int) -> Iterator[Sequence[Event]]:
    size = -(-len(events) // number)
    return (events[first : first + size] for first in range(0, len(events), size))


@contextmanager
def _flowing(sender: HttpSender, events: Sequence[Event]) -> Iterator[None]:
    """Send in a thread, and at the end wait until all was taken."""

    def send() -> None:
        for first in range(0, len(events), BATCH):
            refused = sender.send(events[first : first + BATCH])
            if refused:
                raise NotSurvived(f"{len(refused)} events were refused, the first for {next(iter(refused.values()))}")

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send)
        yield
        sending.result()


def _work_of(service: str) -> int:
    log, deadline = Log(os.environ["KAFKA_BOOTSTRAP"]), time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if records := sum(row.records for row in log.behind() if row.service == service):
            return records
    raise NotSurvived(f"{service} got no work in {PATIENCE_S:.0f} s: is the service before it well?")


def _compare(run: Run) -> None:
    log = Log(os.environ["KAFKA_BOOTSTRAP"])
    with http("analytics", run.tenant) as analytics:
        settle(Watched(log.behind, lambda: read_total(analytics), lambda: None, total(run.truth).__eq__), PATIENCE_S)
        wrong = differences(run.truth, read_funnel(analytics))
    if wrong:
        raise NotSurvived(f"{len(wrong)} figures are wrong, the first: {wrong[0]}")
    print(f"  all {len(run.truth) * len(STAGES)} figures are what they must be: {total(run.truth)}", flush=True)


if __name__ == "__main__":
    try:
        for each in (KILL, STOP):
            survive(each)
        for name, percent in memory().items():
            print(f"  {name}: {percent:.0f} % of its memory limit")
    except (NotSurvived, CliError) as error:
        sys.exit(f"survival: {error}")
