"""`microcred up`: everything on this machine until Ctrl-C."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.cli.console import errors, lines, out
from deploy.cli.options import (
    BRIDGE,
    FIRST_PORT,
    FOLDER,
    KAFKA_PORT,
    MONGO_PORT,
    Broker,
    FirstPort,
    Folder,
    KafkaPort,
    MongoPort,
    WhichBroker,
)
from deploy.cli.running.board import Board
from deploy.cli.running.installation import Installation, Plan, installation


def up(
    *,
    broker: WhichBroker = Broker.EMBEDDED,
    folder: Folder = FOLDER,
    first_port: FirstPort = FIRST_PORT,
    kafka_port: KafkaPort = KAFKA_PORT,
    mongo_port: MongoPort = MONGO_PORT,
) -> None:
    """Start broker, database and the four services on this machine, and stop them all at Ctrl-C."""
    with (
        until_interrupted(),
        installation(Plan(broker, folder, first_port, kafka_port, mongo_port), Board(out)) as runs,
    ):
        lines(out, addresses(runs))
        out.print("Ctrl-C stops everything.")
        runs.stay()


@contextmanager
def until_interrupted() -> Iterator[None]:
    """End in peace at Ctrl-C or SIGTERM."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        errors.print("stopped")
    finally:
        signal.signal(signal.SIGTERM, before)


def addresses(runs: Installation) -> dict[str, object]:
    """Return where everything answers."""
    return {
        **{name: f"{runs.url(name)}/{'healthz' if name == BRIDGE else 'docs'}" for name in runs.services},
        "dashboard": f"{runs.url('analytics')}/dashboard",
        "broker": runs.stack.bootstrap,
        "database": runs.stack.mongo_url,
        "logs": runs.plan.folder.absolute() / "logs",
        "token": f"microcred token --tenant NAME --secret-file {runs.plan.secret_file}",
    }
