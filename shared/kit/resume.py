"""Taking over partitions: is it the log that was folded? Say again what was said last, and go on from there.

Each ledger document tells who took its partition over (`by`). A worker that was killed in the middle of a chunk has
left a transaction open, which holds the ledger documents that it wrote first: whoever comes next meets a conflict, and
ends it by that name. It may as well be alive, as a zombie is: then it meets a conflict, as it would have anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.kit.errors import ConflictError, LogReplaced, LogTruncated
from shared.kit.ledger import LEDGER, Saying, ledger_id, unpack
from shared.kit.store import Document, Store, Unit


@dataclass(frozen=True, slots=True)
class Takeover:
    """One partition that a worker was given; `earliest` is the first offset that the log still holds."""

    topic: str
    topic_id: str
    partition: int
    earliest: int
    foreign: bool = False

    @property
    def ledger_id(self) -> str:
        """The `_id` of its ledger document."""
        return ledger_id(self.topic_id, self.partition)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where folding goes on, and what was said last."""

    position: int
    says: Sequence[Saying]


async def resume(store: Store, partitions: Sequence[Takeover], others: bytes = b"") -> Mapping[Takeover, Standing]:
    """Return the standing of each partition; one that was never folded gets a ledger document at its beginning.

    `others` are the holders that fold them besides this store's own.

    Raises:
        LogReplaced: the ledger knows this topic by another id.
        LogTruncated: the log begins above the position.

    """
    await _refuse_replaced(store, partitions)
    ours = await store.holder() + others

    async def work(unit: Unit) -> Mapping[Takeover, Standing]:
        found = await unit.load(LEDGER, [each.ledger_id for each in partitions])
        fresh = {each.ledger_id: _beginning(each, ours) for each in partitions if each.ledger_id not in found}
        standings = {each: _standing(each, (found | fresh)[each.ledger_id]) for each in partitions}
        others = [document for document in found.values() if document.get("by") != ours]
        try:
            await unit.write(LEDGER, list(fresh.values()), [{**document, "by": ours} for document in others])
        except ConflictError:
            for holder in {document["by"] for document in others if document.get("by")}:
                await store.end(holder)
            raise
        return standings

    return await store.transact(work)


async def _refuse_replaced(store: Store, partitions: Sequence[Takeover]) -> None:
    for topic, (now, foreign) in {each.topic: (each.topic_id, each.foreign) for each in partitions}.items():
        known = await store.find(LEDGER, {"topic": topic}, limit=10_000)
        for document in known:
            was = str(document["_id"]).rpartition("/")[0]
            if was != now:
                raise LogReplaced(topic, was, now, foreign=foreign)


def _beginning(taken: Takeover, by: bytes) -> Document:
    return {
        "_id": taken.ledger_id,
        "topic": taken.topic,
        "partition": taken.partition,
        "next": taken.earliest,
        "says": b"",
        "by": by,
    }


def _standing(taken: Takeover, document: Document) -> Standing:
    position = int(document["next"])
    if taken.earliest > position:
        raise LogTruncated(taken.topic, taken.partition, position, taken.earliest, foreign=taken.foreign)
    return Standing(position, unpack(document["says"]))
