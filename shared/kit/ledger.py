"""The ledger: how far each partition has been folded, and what the last chunk said. Pure.

One document for each partition, written in the same transaction as the effects:
`{_id: "<topic id>/<partition>", topic, partition, next, says, by}`. The rules are those of DESIGN.md, rule 3.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import bson
import zstandard

from shared.kit.errors import LogHole, TakenOver
from shared.kit.store import Document

LEDGER = "ledger"
_COMPRESSION_LEVEL = 1


class Record(NamedTuple):
    """One record of the log, as it stands there; `timestamp` in milliseconds since 1970."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What one fetch brought of one partition; `begins` is the position that was fetched from."""

    topic: str
    topic_id: str
    partition: int
    begins: int
    records: Sequence[Record]

    @property
    def ledger_id(self) -> str:
        """The `_id` of this partition's ledger document."""
        return ledger_id(self.topic_id, self.partition)

    @property
    def ends(self) -> int:
        """The position after the last record."""
        return self.records[-1].offset + 1 if self.records else self.begins


@dataclass(frozen=True, slots=True)
class Saying:
    """One record to append: computed once, repeated with the same bytes; its key chooses the partition if none does."""

    topic: str
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    partition: int | None = None


def ledger_id(topic_id: str, partition: int) -> str:
    """Return the `_id` of a partition's ledger document."""
    return f"{topic_id}/{partition}"


def unread(batch: Batch, position: int | None) -> Sequence[Record]:
    """Return the records that have not been folded yet.

    `position` is what the ledger holds; None, where it holds nothing, is the beginning of the log.

    Raises:
        LogHole: the batch begins above the position.

    """
    position = position or 0
    if batch.begins > position:
        raise LogHole(batch.topic, batch.partition, position, batch.begins)
    if not batch.records or batch.records[0].offset >= position:
        return batch.records
    return [record for record in batch.records if record.offset >= position]


def unsaid(batch: Batch, document: Document | None) -> Sequence[Saying]:
    """Return what may still have to be said of records in this batch that are folded already.

    Nothing, as a rule: a batch begins where the last one ended. Where it does not, that chunk's end was never heard of
    (the answer to its commit was lost, or it was somebody else's): what it says is said again, and kept until then.
    """
    return unpack(document["says"]) if document is not None and int(document["next"]) > batch.begins else ()


def require_holder(entries: Iterable[Document], holder: bytes) -> None:
    """Return when these ledger documents name this holder, alone or with others, or nobody.

    Raises:
        TakenOver: somebody else took one of the partitions over. Its outputs are not ours to follow: our chunk would
            replace what it may not have said yet, and nobody would know what ours says.

    """
    for document in entries:
        by = document.get("by")
        if by and holder not in by:
            raise TakenOver(document["topic"], document["partition"])


def halves(batches: Sequence[Batch]) -> tuple[list[Batch], list[Batch]]:
    """Return batches cut in the middle, each partition in order; of a single record the first half is empty."""
    left = sum(len(batch.records) for batch in batches) // 2
    first: list[Batch] = []
    second: list[Batch] = []
    for batch in batches:
        cut = min(left, len(batch.records))
        left -= cut
        head = replace(batch, records=batch.records[:cut])
        if head.records:
            first.append(head)
        if cut < len(batch.records) or not batch.records:
            second.append(replace(batch, begins=head.ends, records=batch.records[cut:]))
    return first, second


def upto(batches: Sequence[Batch], ends: Mapping[tuple[str, int], int]) -> tuple[list[Batch], list[Batch]]:
    """Return what of these batches stands below `ends`, by topic and partition, and what is left of them."""
    below: list[Batch] = []
    left: list[Batch] = []
    for batch in batches:
        end = ends.get((batch.topic, batch.partition), batch.begins)
        cut = bisect_left(batch.records, end, key=lambda record: record.offset)
        if cut:
            below.append(replace(batch, records=batch.records[:cut]))
        if cut < len(batch.records):
            left.append(replace(batch, begins=end, records=batch.records[cut:]))
    return below, left


def entry(batch: Batch, position: int | None, says: Sequence[Saying], parked: int = 0, by: bytes = b"") -> Document:
    """Return the ledger document after this batch; an old batch never moves the position back.

    `parked` is the number of keys of this partition whose records wait behind a dead letter, `by` the store's holder
    (`shared.kit.store.Store.holder`) that took the partition over.
    """
    return {
        "_id": batch.ledger_id,
        "topic": batch.topic,
        "partition": batch.partition,
        "next": max(batch.ends, position or 0),
        "says": pack(says),
        "parked": parked,
        "by": by,
    }


def pack(says: Iterable[Saying]) -> bytes:
    """Return sayings as compressed bytes, empty for none."""
    rows: list[list[Any]] = [
        [said.topic, said.key, said.value, [list(pair) for pair in said.headers], said.partition] for said in says
    ]
    return zstandard.compress(bson.encode({"says": rows}), _COMPRESSION_LEVEL) if rows else b""


def unpack(packed: bytes) -> list[Saying]:
    """Return the sayings that `pack` was given."""
    if not packed:
        return []
    rows = bson.decode(zstandard.decompress(packed))["says"]
    return [
        Saying(topic, key, value, tuple((name, bytes(text)) for name, text in headers), partition)
        for topic, key, value, headers, partition in rows
    ]
