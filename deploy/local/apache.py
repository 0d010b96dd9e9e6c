"""Apache Kafka in KRaft mode from its jars, broker and controller in one JVM; its data survive a restart."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.local.checks import LOOPBACK, free_port
from deploy.local.errors import StartFailed
from deploy.local.jars import RECIPE, jars
from deploy.local.java import java
from deploy.local.kraft import Node, new_cluster_id, properties
from deploy.local.probes import kafka_answers
from deploy.local.server import Server

# A small heap, and the quick compiler only: it starts in half the time and runs as fast for what tests do.
JVM = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


class ApacheKafka(Server):
    """One node; alone by default, or one of a `quorum` of nodes that share a `cluster_id`."""

    name = "kafka"
    seconds_to_start = 90.0

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        *,
        port_setting: str = "the port argument",
        node: Node | None = None,
        quorum: Sequence[Node] = (),
        cluster_id: str | None = None,
    ) -> None:
        """`node` is who this one is in the quorum; without it, a quorum of one on `port`."""
        super().__init__(folder, node.port if node else port, port_setting=port_setting)
        self._node = node or Node(1, self.port, free_port())
        self._quorum = quorum or (self._node,)
        self._cluster_id = cluster_id or new_cluster_id()

    @property
    def bootstrap(self) -> str:
        """`host:port` for clients."""
        return f"{LOOPBACK}:{self.port}"

    def _prepare(self) -> None:
        data = self.folder / "data"
        lines = properties(self._node, self._quorum, data)
        self._config.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
        if not (data / "meta.properties").exists():
            self._format()

    def _command(self) -> Sequence[str]:
        return (*self._java(), "kafka.Kafka", str(self._config))

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
        return [java(), *JVM, *logging, "-cp", f"{jars()}/*"]

    def _format(self) -> None:
        tool = ("kafka.tools.StorageTool", "format", "-t", self._cluster_id, "-c", self._config)
        with self.log.open("wb") as out:
            command = [*self._java(), *tool]
            status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
        if status:
            said = self.log.read_text(errors="replace")
            raise StartFailed("formatting Kafka's storage", f"ended with status {status}", said, self.log)
