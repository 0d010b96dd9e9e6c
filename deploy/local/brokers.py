"""Three brokers that are one Apache Kafka cluster: a record outlives any one of them."""

from pathlib import Path

from deploy.local.apache import ApacheKafka
from deploy.local.group import ServerGroup
from deploy.local.kraft import REPLICAS, Cluster, Node
from deploy.local.ports import free_port


class Brokers(ServerGroup):
    """The nodes of one cluster under `folder`; each can be stopped, killed and started by itself."""

    def __init__(self, folder: Path) -> None:
        """Choose the ports; nothing is touched before `start`."""
        cluster = Cluster(tuple(Node(number, free_port(), free_port()) for number in range(1, REPLICAS + 1)))
        self.nodes = tuple(
            ApacheKafka(folder / f"kafka{place + 1}", cluster=cluster, place=place) for place in range(REPLICAS)
        )
        super().__init__(self.nodes)

    @property
    def bootstrap(self) -> str:
        """`host:port` of every node, with commas between them."""
        return ",".join(node.bootstrap for node in self.nodes)
