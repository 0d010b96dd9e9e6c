"""`microcred demo`: from platform events to verified credentials and a funnel whose every figure is checked."""

from typing import Annotated

import typer

from deploy.cli.console import lines, out
from deploy.cli.demo_data.generate import generate
from deploy.cli.demonstration import Demonstration
from deploy.cli.options import (
    FIRST_PORT,
    FOLDER,
    KAFKA_PORT,
    MONGO_PORT,
    Broker,
    FirstPort,
    Folder,
    KafkaPort,
    MongoPort,
    Patience,
    WhichBroker,
)
from deploy.cli.running.board import Board
from deploy.cli.running.installation import Plan, installation
from deploy.cli.up import addresses, until_interrupted

LEARNERS = 5_000
SEED = 2025


def demo(  # noqa: PLR0913 - each is an option
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Stop after the table: status 0 only if all figures are right.")
    ] = False,
    learners: Annotated[int, typer.Option(help="How many learners to make up.", min=1, max=1_000_000)] = LEARNERS,
    seed: Annotated[int, typer.Option(help="The same seed makes up the same learners.")] = SEED,
    patience: Patience = 300.0,
    broker: WhichBroker = Broker.EMBEDDED,
    folder: Folder = FOLDER,
    first_port: FirstPort = FIRST_PORT,
    kafka_port: KafkaPort = KAFKA_PORT,
    mongo_port: MongoPort = MONGO_PORT,
) -> None:
    """Start everything on this machine, publish made-up learners, show what became of them, verify a credential.

    The generator knows what must come out; every figure of the funnel is compared with that.
    """
    plan = Plan(broker, folder, first_port, kafka_port, mongo_port)
    right = False
    with until_interrupted(), installation(plan, Board(out)) as runs:
        out.print(f"making up {learners:,} learners from seed {seed}")
        # A tenant of its own for each run, so that a broker that keeps its data does not mix two of them.
        shown = Demonstration(runs, generate(learners, seed, f"demo-{seed}-{learners}"), patience, out)
        right = shown.show()
        if not once:
            lines(out, addresses(runs))
            shown.invite()
            out.print("Everything runs on; Ctrl-C stops it.")
            runs.stay()
    if not right:
        raise typer.Exit(1)
