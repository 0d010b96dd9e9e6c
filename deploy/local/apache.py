"""Apache Kafka in KRaft mode from its jars, broker and controller in one JVM; its data survive a restart."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.local.errors import StartFailed
from deploy.local.formatted import IDENTITY, format_storage
from deploy.local.jars import RECIPE, jars, sharing
from deploy.local.java import java
from deploy.local.kraft import Cluster, Node, properties
from deploy.local.logs import cause
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.probes import kafka_answers
from deploy.local.server import Server

# A small heap, and the quick compiler only: it starts in half the time and runs as fast for what tests do.
JVM = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


class ApacheKafka(Server):
    """One node; a cluster of its own by default."""

    name = "kafka"
    seconds_to_start = 90.0
    jvm: Sequence[str] = ()
    """What Java is told besides."""

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        port_setting: str = "the port argument",
        cluster: Cluster | None = None,
        place: int = 0,
    ) -> None:
        """`place` is the index of this node in `cluster`; without a cluster, one node on `port`."""
        super().__init__(folder, cluster.nodes[place].port if cluster else port, port_setting=port_setting)
        self._cluster = cluster or Cluster((Node(1, self.port, free_port()),))
        self._node = self._cluster.nodes[place]

    @property
    def bootstrap(self) -> str:
        """`host:port` for clients."""
        return f"{LOOPBACK}:{self.port}"

    def _prepare(self) -> None:
        data = self.folder / "data"
        lines = properties(self._node, self._cluster, data)
        self._config.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
        if not (data / IDENTITY).exists():
            format_storage(data, self._node, self._cluster, self._format)

    def _command(self) -> Sequence[str]:
        return (*self._java(), *self.jvm, "kafka.Kafka", str(self._config))

    def _ready(self) -> bool:
        return kafka_answers(self.bootstrap)

    @property
    def _config(self) -> Path:
        return self.folder / "server.properties"

    def _java(self) -> list[str]:
        log = self.folder / "server.log"
        logging = (
            f"-Dlog4j2.configurationFile={RECIPE / 'log4j2.properties'}",
            f"-Dmicrocred.kafka.log={log}",
        )
        return [java(), *JVM, *sharing(), *logging, "-cp", f"{jars()}/*"]

    def _format(self) -> None:
        tool = ("kafka.tools.StorageTool", "format", "-t", self._cluster.id, "-c", str(self._config))
        with self.log.open("wb") as out:
            command = [*self._java(), *tool]
            status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
        if status:
            said = cause(self.log.read_text(errors="replace"))
            raise StartFailed("formatting Kafka's storage", f"ended with status {status}", said, self.log)
