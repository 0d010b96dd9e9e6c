"""Three brokers that are one Apache Kafka cluster: a record outlives any one of them."""

import signal
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.apache import ApacheKafka
from deploy.local.checks import free_port
from deploy.local.kraft import REPLICAS, Cluster, Node


class Brokers:
    """The nodes of one cluster under `folder`; each can be stopped, killed and started by itself."""

    def __init__(self, folder: Path) -> None:
        """Choose the ports; nothing is touched before `start`."""
        cluster = Cluster(tuple(Node(number, free_port(), free_port()) for number in range(1, REPLICAS + 1)))
        self.nodes = tuple(
            ApacheKafka(folder / f"kafka{place + 1}", cluster=cluster, place=place) for place in range(REPLICAS)
        )

    @property
    def bootstrap(self) -> str:
        """`host:port` of every node, with commas between them."""
        return ",".join(node.bootstrap for node in self.nodes)

    def start(self) -> None:
        """Start all side by side; a quorum needs two of them. Raises a `LocalError` and leaves nothing running."""
        with ExitStack() as running:
            running.callback(self.stop)
            for node in self.nodes:
                node.launch()
            for node in self.nodes:
                node.wait_ready()
            running.pop_all()

    def stop(self) -> None:
        """Stop all at once: the last of three that are stopped one by one waits minutes for a quorum."""
        self.signal(signal.SIGTERM)
        for node in self.nodes:
            node.stop()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every node that runs."""
        for node in self.nodes:
            if node.launched:
                node.process.signal(number)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
