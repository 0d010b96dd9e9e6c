"""Broker, database and the four services on this machine, from start to stop."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.cli.errors import ServiceEnded, Unsettled
from deploy.cli.options import BRIDGE, BRIDGE_PORT, SERVICE_PORTS, Broker
from deploy.cli.running.board import Board
from deploy.cli.running.bridged import bridged_topics
from deploy.cli.running.service import ServiceProcess
from shared.kit.secret import ensure_secret
from shared.kit.topics_admin import create_topics

if TYPE_CHECKING:
    from deploy.local.stack import LocalStack

START_S = 60.0
POLL_S = 0.1
WATCH_S = 0.5


@dataclass(frozen=True)
class Plan:
    """What to start and where."""

    broker: Broker
    folder: Path
    first_port: int
    kafka_port: int
    mongo_port: int

    @property
    def secret_file(self) -> Path:
        """The file with the secret of access tokens."""
        return (self.folder / "token-secret").absolute()


@dataclass
class Installation:
    """What runs."""

    plan: Plan
    stack: "LocalStack"
    services: dict[str, ServiceProcess] = field(default_factory=dict)

    def url(self, service: str) -> str:
        """Return where a service answers."""
        return self.services[service].url

    def watch(self) -> None:
        """Raise `ServiceEnded` when something has ended that should run."""
        for service in self.services.values():
            service.require_running()
        for name in self.stack.dead:
            raise ServiceEnded(name, self.plan.folder, [])

    def stay(self) -> None:
        """Return never: until Ctrl-C, or `ServiceEnded`."""
        while True:
            self.watch()
            time.sleep(WATCH_S)


@contextmanager
def installation(plan: Plan, board: Board) -> Iterator[Installation]:
    """Start everything and stop it at the end, whatever the end is; raises `LocalError` or `CliError`."""
    # Here, since it takes long: every other command would wait for the database's driver, and use nothing of it.
    from deploy.local.stack import LocalStack

    with ExitStack() as running:
        stack = LocalStack(plan.broker.value, plan.folder, plan.kafka_port, plan.mongo_port)
        bridged = bridged_topics(os.environ)
        services = {name: _service(plan, stack, name) for name in SERVICE_PORTS}
        if bridged:
            services[BRIDGE] = _bridge(plan, stack)
        for service in services.values():
            service.check()
        ensure_secret(plan.secret_file)
        with board:
            stack.start(lambda line: board.say("broker and database", line))
            running.callback(stack.stop)
            board.ready("broker and database")
            # Of an embedded broker nothing is left from the last time: no platform could have made its own before.
            made = create_topics(stack.bootstrap, foreign=bridged)
            board.say("topics", f"ready: {len(made)} made")
            running.callback(_stop, list(services.values()))
            _start(services, board)
        yield Installation(plan, stack, services)


def _service(plan: Plan, stack: "LocalStack", name: str) -> ServiceProcess:
    environment = _environment(plan, stack)
    if name == "issuance":
        environment["MICROCRED_KEY_FILE"] = str((plan.folder / "issuer-key").absolute())
    return ServiceProcess(name, plan.first_port + SERVICE_PORTS[name], _log(plan, name), environment)


def _bridge(plan: Plan, stack: "LocalStack") -> ServiceProcess:
    # The keys of accounts and of the vault lie beside the token secret, and so are those of enrolment.
    port, environment = plan.first_port + BRIDGE_PORT, _environment(plan, stack)
    return ServiceProcess(BRIDGE, port, _log(plan, BRIDGE), environment, service="enrolment", role=BRIDGE)


def _log(plan: Plan, name: str) -> Path:
    return plan.folder.absolute() / "logs" / f"{name}.log"


def _environment(plan: Plan, stack: "LocalStack") -> dict[str, str]:
    return {
        "MICROCRED_KAFKA_BOOTSTRAP": stack.bootstrap,
        "MICROCRED_MONGO_URL": stack.mongo_url,
        "MICROCRED_TOKEN_SECRET_FILE": str(plan.secret_file),
        # A group's first join takes half of this on the embedded broker.
        "MICROCRED_SESSION_TIMEOUT_S": "6",
    }


def _start(services: dict[str, ServiceProcess], board: Board) -> None:
    for name, service in services.items():
        service.launch()
        board.say(name, f"starting on port {service.port}")
    waiting = dict(services)
    deadline = time.monotonic() + START_S
    while waiting:
        for name in [name for name, service in waiting.items() if service.ready()]:
            del waiting[name]
            board.ready(name)
        if waiting and time.monotonic() > deadline:
            raise Unsettled(START_S, f"{', '.join(waiting)} not ready")
        time.sleep(POLL_S)


def _stop(services: list[ServiceProcess]) -> None:
    """Stop all at once: each needs time to leave its group."""
    for service in services:
        service.ask_to_stop()
    for service in services:
        service.stop()
