"""The settings of a KRaft node, as data."""

import base64
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.ports import LOOPBACK

INTERNAL_PARTITIONS = 4  # of each internal topic: Kafka's 50 cost seconds of start and nothing here needs them
REPLICAS = 3


@dataclass(frozen=True)
class Node:
    """One broker that is a controller too: its id and its two ports on the loopback interface."""

    id: int
    port: int
    controller_port: int


def new_id() -> str:
    """Return a random id as Kafka wants it: a UUID in 22 URL-safe characters, no dash in front."""
    text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return "m" + text[1:] if text.startswith("-") else text


@dataclass(frozen=True)
class Cluster:
    """The nodes that form one quorum, each started by its own `ApacheKafka`."""

    nodes: tuple[Node, ...]
    id: str = field(default_factory=new_id)


def properties(node: Node, cluster: Cluster, data: Path) -> dict[str, str]:
    """Return server.properties for a `node` of `cluster`.

    The voters are given statically, and so read at every start: a node may come back on other ports.
    """
    voters = ",".join(f"{voter.id}@{LOOPBACK}:{voter.controller_port}" for voter in cluster.nodes)
    return {
        "process.roles": "broker,controller",
        "node.id": str(node.id),
        "controller.quorum.voters": voters,
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{LOOPBACK}:{node.port},CONTROLLER://{LOOPBACK}:{node.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{node.port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        **_internal_topics(min(REPLICAS, len(cluster.nodes))),
        **_quick(),
        **(_modest() if len(cluster.nodes) > 1 else {}),
    }


def _internal_topics(replicas: int) -> dict[str, str]:
    in_sync = str(max(1, replicas - 1))
    settings = {"default.replication.factor": str(replicas), "min.insync.replicas": in_sync}
    for topic in ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic"):
        settings[f"{topic}.replication.factor"] = str(replicas)
        settings[f"{topic}.num.partitions"] = str(INTERNAL_PARTITIONS)
    for topic in ("transaction.state.log", "share.coordinator.state.topic"):
        settings[f"{topic}.min.isr"] = in_sync
    return settings


def _quick() -> dict[str, str]:
    return {
        "group.initial.rebalance.delay.ms": "0",
        # A node that was killed is let in again only when its old registration has lapsed.
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "1000",
        # Twice a second a controller with nothing to do writes down that it had nothing to do: half of what a node
        # that waits costs.
        "metadata.max.idle.interval.ms": "5000",
    }


def _modest() -> dict[str, str]:
    """Return what keeps several nodes on one machine from looking for work all the time: each thread does so."""
    return {
        "num.network.threads": "1",
        "num.io.threads": "2",
        "background.threads": "2",
        "replica.fetch.wait.max.ms": "2000",
        "log.index.size.max.bytes": str(1024 * 1024),
    }
