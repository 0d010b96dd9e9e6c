"""The storage of a KRaft node, formatted: by Kafka's own tool once, then copied from what the tool has made.

The tool is a JVM of its own, a third of what a broker's start costs, and the same comes of it each time but for the
names of the node and its cluster.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from deploy.local.jars import cache
from deploy.local.kraft import Cluster, Node, new_id

IDENTITY = "meta.properties"


def template() -> Path:
    """Return where the storage stands that this version of Kafka has formatted, once it has."""
    return cache().with_name("formatted")


def format_storage(data: Path, node: Node, cluster: Cluster, tool: Callable[[], None]) -> None:
    """Format the folder `data` for a node; `tool` does it where nothing is there to be copied yet."""
    if not template().is_dir():
        tool()
        _keep(data)
        return
    shutil.copytree(template(), data, dirs_exist_ok=True)
    # What tells a node, and each of its folders, from all others.
    lines = {"version": "1", "cluster.id": cluster.id, "node.id": str(node.id), "directory.id": new_id()}
    (data / IDENTITY).write_text("".join(f"{name}={value}\n" for name, value in lines.items()))


def _keep(data: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="formatted-", dir=template().parent) as name:
        fresh = Path(name) / "data"
        shutil.copytree(data, fresh, ignore=shutil.ignore_patterns(IDENTITY))
        if not template().is_dir():  # another process may have been faster
            fresh.rename(template())
