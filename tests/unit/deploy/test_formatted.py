"""Storage is formatted by Kafka's tool once; the next node's is a copy with names of its own."""

from pathlib import Path

import pytest

from deploy.local.formatted import IDENTITY, format_storage, template
from deploy.local.kraft import Cluster, Node

CLUSTER = Cluster((Node(1, 1001, 2001), Node(2, 1002, 2002)), "a-cluster")


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    template().parent.mkdir(parents=True)


def formatted(data: Path, node: Node) -> bool:
    """Format a folder for a node, and tell whether the tool was asked to."""
    asked: list[Path] = []

    def tool() -> None:
        asked.append(data)
        (data / "metadata").mkdir(parents=True)
        (data / "metadata" / "first.checkpoint").write_bytes(b"features")
        (data / IDENTITY).write_text("the tool's own")

    format_storage(data, node, CLUSTER, tool)
    return bool(asked)


def test_the_tool_formats_the_first_and_its_own_identity_stays(tmp_path: Path) -> None:
    assert formatted(tmp_path / "one", CLUSTER.nodes[0])

    assert (tmp_path / "one" / IDENTITY).read_text() == "the tool's own"
    assert not (template() / IDENTITY).exists()


def test_the_next_is_a_copy_with_an_identity_of_its_own(tmp_path: Path) -> None:
    formatted(tmp_path / "one", CLUSTER.nodes[0])

    assert not formatted(tmp_path / "two", CLUSTER.nodes[1])
    assert not formatted(tmp_path / "three", CLUSTER.nodes[1])

    assert (tmp_path / "two" / "metadata" / "first.checkpoint").read_bytes() == b"features"
    said = [
        dict(line.split("=") for line in (tmp_path / each / IDENTITY).read_text().split()) for each in ("two", "three")
    ]
    assert all(each["node.id"] == "2" and each["cluster.id"] == "a-cluster" and each["version"] == "1" for each in said)
    assert said[0]["directory.id"] != said[1]["directory.id"]


def test_a_tool_that_fails_leaves_nothing_to_copy(tmp_path: Path) -> None:
    def tool() -> None:
        raise OSError("no Java")

    with pytest.raises(OSError, match="no Java"):
        format_storage(tmp_path / "one", CLUSTER.nodes[0], CLUSTER, tool)

    assert not template().exists()
