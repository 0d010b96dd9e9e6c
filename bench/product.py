"""The whole product on this machine: broker, database, four services, and a tenant of its own for each run."""

import io
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rich.console import Console

from deploy.cli.analytics import read_total
from deploy.cli.client import Http
from deploy.cli.enrolment import HttpSender
from deploy.cli.errors import Unsettled
from deploy.cli.funnel import Stages
from deploy.cli.options import SERVICE_PORTS, Broker
from deploy.cli.running.board import Board
from deploy.cli.running.installation import Installation, Plan, installation
from deploy.cli.tokens import make_token
from deploy.local.ports import free_port, free_ports
from shared.contracts.achievement import Achievement
from shared.contracts.enrolment import Offering, OfferingPublished
from shared.contracts.envelope import derived_id, utc
from shared.contracts.platform import LearnerRegistered, Registration, Result, ResultReported
from shared.contracts.policy import Component, Policy
from shared.contracts.profile import Issuer

OFFERING = "statistics-1"
_REGISTERED, _HANDED_IN = utc("2026-03-02T08:00:00Z"), utc("2026-05-29T16:30:00Z")
_PATIENCE_S = 180.0
_POLL_S = 0.2
_TOKEN_S = 86_400


@dataclass(frozen=True, slots=True)
class Tenant:
    """One institution, with clients that speak for it and an offering of one component."""

    name: str
    enrolment: Http
    issuance: Http
    analytics: Http
    watch: Callable[[], None]
    """Raises `ServiceEnded`, with the end of its log, when a service has ended: waiting on would tell nothing."""

    def publish_offering(self) -> None:
        """Publish the offering, and give every service a moment to hear of it."""
        offering = Offering(
            offering=OFFERING,
            achievement=Achievement(name="Statistics 1", description="Describe and test.", criteria="Pass the exam."),
            issuer=Issuer(name="Bench University"),
            policy=Policy(components=(Component(id="exam", weight=Decimal(1)),), pass_mark=Decimal(50)),
        )
        event = OfferingPublished(
            id=derived_id(self.name), source="bench", time=_REGISTERED, tenant=self.name, data=offering
        )
        HttpSender(self.enrolment).send([event])

    def registration(self, learner: str) -> LearnerRegistered:
        """Return the learner's registration."""
        return LearnerRegistered(
            id=derived_id(self.name, learner, "registered"),
            source="bench",
            time=_REGISTERED,
            tenant=self.name,
            learner_ref=learner,
            data=Registration(offering=OFFERING),
        )

    def result(self, learner: str) -> ResultReported:
        """Return the result that completes the offering."""
        return ResultReported(
            id=derived_id(self.name, learner, "exam"),
            source="bench",
            time=_HANDED_IN,
            tenant=self.name,
            learner_ref=learner,
            data=Result(offering=OFFERING, component="exam", score=81),
        )

    def credential_path(self, learner: str) -> str:
        """Return where the credential of the learner's first pass will be: its id follows from its causes."""
        passed = derived_id(f"{self.name}/{learner}/{OFFERING}", "passed", 1)
        return f"/credentials/{derived_id('credential', passed)}"

    def wait_for(self, there: Callable[[Stages], bool]) -> Stages:
        """Return the funnel as soon as it is as wanted; raises `Unsettled`."""
        deadline = time.monotonic() + _PATIENCE_S
        while not there(stages := read_total(self.analytics)):
            self.watch()
            if time.monotonic() > deadline:
                raise Unsettled(_PATIENCE_S, f"the funnel of {self.name} stands at {stages}")
            time.sleep(_POLL_S)
        return stages


class Product:
    """What runs."""

    def __init__(self, runs: Installation) -> None:
        """Keep how to reach it."""
        self._runs = runs
        self.bootstrap = runs.stack.bootstrap
        self.mongo_url = runs.stack.mongo_url

    def tenant(self, number: int) -> Tenant:
        """Return a tenant nobody has used yet, its offering published."""
        name = f"bench-{number}"
        token = make_token(self._runs.plan.secret_file, name, lifetime=_TOKEN_S)
        enrolment, issuance, analytics = (
            Http(each, self._runs.url(each).replace("localhost", "127.0.0.1"), token)
            for each in ("enrolment", "issuance", "analytics")
        )
        made = Tenant(name, enrolment, issuance, analytics, self._runs.watch)
        made.publish_offering()
        return made


@contextmanager
def product(say: Callable[[str], None]) -> Iterator[Product]:
    """Start everything in a temporary folder on Apache Kafka, and remove it all at the end.

    When a run fails, what the services wrote is kept, and `say` tells where.
    """
    say("starting broker, database and the four services")
    with tempfile.TemporaryDirectory(prefix="microcred-bench-") as folder, _keeping(Path(folder) / "logs", say):
        plan = Plan(Broker.APACHE, Path(folder), free_ports(SERVICE_PORTS.values()), free_port(), free_port())
        with installation(plan, Board(Console(file=io.StringIO()))) as runs:
            yield Product(runs)


@contextmanager
def _keeping(logs: Path, say: Callable[[str], None]) -> Iterator[None]:
    try:
        yield
    except Exception:
        if logs.exists():
            kept = shutil.copytree(logs, tempfile.mkdtemp(prefix="microcred-logs-"), dirs_exist_ok=True)
            say(f"what the services wrote is in {kept}")
        raise
