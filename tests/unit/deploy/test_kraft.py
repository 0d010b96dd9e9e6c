"""The settings of KRaft nodes."""

from pathlib import Path

from deploy.local.kraft import Cluster, Node, new_id, properties

ONE = Node(1, 9092, 9093)
THREE = tuple(Node(number, 9092 + 2 * number, 9093 + 2 * number) for number in (1, 2, 3))


def test_a_node_alone_replicates_to_nobody() -> None:
    settings = properties(ONE, Cluster((ONE,)), Path("/data"))
    factors = {key: value for key, value in settings.items() if key.endswith("replication.factor")}
    assert len(factors) == 4
    assert set(factors.values()) == {"1"}
    assert settings["min.insync.replicas"] == "1"
    assert settings["auto.create.topics.enable"] == "false"


def test_three_nodes_survive_the_loss_of_one() -> None:
    settings = properties(THREE[1], Cluster(THREE), Path("/data"))
    assert settings["node.id"] == "2"
    assert settings["controller.quorum.voters"] == "1@127.0.0.1:9095,2@127.0.0.1:9097,3@127.0.0.1:9099"
    assert settings["default.replication.factor"] == "3"
    assert settings["min.insync.replicas"] == "2"
    assert settings["transaction.state.log.min.isr"] == "2"


def test_cluster_ids_are_new_and_can_stand_on_a_command_line() -> None:
    identifiers = {new_id() for _ in range(500)}
    assert len(identifiers) == 500
    assert all(len(identifier) == 22 and not identifier.startswith("-") for identifier in identifiers)
