"""Where the live service stands: the positions that a new generation has to reach."""

from collections.abc import Iterable, Mapping

from shared.kit.errors import LogReplaced
from shared.kit.ledger import LEDGER, ledger_id
from shared.kit.rebuild.errors import LogIncomplete, PartitionsChanged
from shared.kit.rebuild.merge import Partition
from shared.kit.store import Document, Reader

_MOST_PARTITIONS = 10_000


async def live_positions(store: Reader, ids: Mapping[str, str]) -> dict[Partition, int]:
    """Return the position of each partition that the live service has folded; `ids` are the topics' ids.

    Raises:
        LogReplaced: the live generation was made from another log.

    """
    return await positions_of(store, LEDGER, ids)


async def positions_of(store: Reader, ledger: str, ids: Mapping[str, str]) -> dict[Partition, int]:
    """Return the positions that stand in a collection of ledger documents."""
    found: list[Document] = []
    for topic in ids:
        found += await store.find(ledger, {"topic": topic}, limit=_MOST_PARTITIONS)
    return positions_in(found, ids)


def positions_in(ledger: Iterable[Document], ids: Mapping[str, str]) -> dict[Partition, int]:
    """Return the positions that ledger documents hold, of these topics."""
    positions = {}
    for document in ledger:
        topic = str(document.get("topic"))
        if topic not in ids:
            continue
        if document["_id"] != ledger_id(ids[topic], document["partition"]):
            raise LogReplaced(topic, str(document["_id"]).rpartition("/")[0], ids[topic])
        positions[topic, int(document["partition"])] = int(document["next"])
    return positions


def require_whole(firsts: Mapping[Partition, int], positions: Mapping[Partition, int]) -> None:
    """Refuse a log that does not hold what comes after these positions; a partition that is not named begins at 0.

    Raises:
        LogIncomplete: with the first such partition.

    """
    for (topic, partition), first in firsts.items():
        if first > positions.get((topic, partition), 0):
            raise LogIncomplete(topic, partition, first)


def require_known(known: Iterable[Partition], positions: Iterable[Partition]) -> None:
    """Refuse positions of partitions that are not read here.

    Raises:
        PartitionsChanged: with the first such partition.

    """
    for topic, partition in sorted(set(positions) - set(known)):
        raise PartitionsChanged(topic, partition)
