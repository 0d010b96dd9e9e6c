"""Options that several commands share; those that name an installation can stand in the environment."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.trust import scheme

FIRST_PORT, KAFKA_PORT, MONGO_PORT = 8001, 19092, 27917
SERVICE_PORTS = {"enrolment": 0, "assessment": 1, "issuance": 2, "analytics": 3}
"""Where each service listens, counted from the first port."""
BRIDGE = "bridge"
BRIDGE_PORT = 4
"""Where the bridge to platforms' topics listens, counted likewise; it runs where topics are named."""


class Broker(StrEnum):
    """Which broker runs on this machine."""

    EMBEDDED = "embedded"
    APACHE = "apache"


Folder = Annotated[Path, typer.Option(help="Where data, logs, keys and the token secret go.", file_okay=False)]
WhichBroker = Annotated[Broker, typer.Option(help="embedded begins anew at each start; apache (Java) keeps its data.")]
FirstPort = Annotated[
    int,
    typer.Option(
        help="Enrolment's port; assessment, issuance, analytics, and a bridge if topics of platforms are named, take "
        "the next ones.",
        min=1,
        max=65531,
    ),
]
KafkaPort = Annotated[int, typer.Option(help="The broker's port.", min=1, max=65535)]
MongoPort = Annotated[int, typer.Option(help="The database's port.", min=1, max=65535)]
Patience = Annotated[float, typer.Option(help="Seconds to wait for everything to go through.", min=1)]

Host = Annotated[str, typer.Option(help="Where the services answer, without a port.", envvar="MICROCRED_URL")]
Bootstrap = Annotated[str, typer.Option(help="The broker, host:port.", envvar="MICROCRED_KAFKA_BOOTSTRAP")]
TopicPrefix = Annotated[
    str, typer.Option(help="What stands before the name of every topic.", envvar="MICROCRED_TOPIC_PREFIX")
]
SecretFile = Annotated[
    Path, typer.Option(help="File with the secret of access tokens.", envvar="MICROCRED_TOKEN_SECRET_FILE")
]
Tenant = Annotated[str, typer.Option(help="The institution.")]

FOLDER = Path(".local")
SECRET_FILE = FOLDER / "token-secret"
BOOTSTRAP = f"127.0.0.1:{KAFKA_PORT}"
HOST = f"{scheme()}://localhost"
