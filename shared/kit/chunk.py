"""The chunk: the one way in which events become effects, in every service.

1. In one transaction (snapshot read, majority write) read the ledger documents of the chunk's partitions, which say
   whether these are still this worker's,
2. leave out every record below the position found there, and say again what was said of those,
3. load the touched documents, one query for each collection,
4. fold in memory,
5. write each changed document once, and the ledger documents with the new position and what there is to say;
6. after the commit append what there is to say, and wait for the acknowledgements;
7. only then is the chunk done.

Steps 1 to 4 of the next chunk may go on during step 6: it writes nothing before `gate` lets it.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from shared.kit.desk import look_up
from shared.kit.fold import Changes, Folding
from shared.kit.ledger import LEDGER, Batch, Saying, entry, require_holder, unread, unsaid
from shared.kit.parking import Parking
from shared.kit.reading import read, wanted
from shared.kit.store import Document, Store, Unit
from shared.kit.worker import Worker


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a chunk's records; `said` is how many were appended to each topic."""

    events: int
    skipped: int
    refused: int
    parked: int
    said: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Committed:
    """What a committed chunk has to say, and what it did; `ids` are those of the events that could be read."""

    says: tuple[Saying, ...]
    ids: tuple[str, ...]
    events: int
    skipped: int
    refused: int
    parked: int = 0

    @property
    def outcome(self) -> Outcome:
        """What others count of it."""
        said = Counter(saying.topic for saying in self.says)
        return Outcome(self.events, self.skipped, self.refused, self.parked, said)


async def _open() -> None:
    """Let everybody through."""


async def commit(
    worker: Worker, batches: Sequence[Batch], store: Store, gate: Callable[[], Awaitable[None]] = _open
) -> Committed:
    """Do steps 1 to 5 for what one fetch brought; `gate` is awaited before anything is written.

    Raises:
        LogHole: a batch begins above the position; nothing was written.
        TakenOver: a partition is somebody else's now; nothing was written.
        StoreUnavailable: the database stayed away; nothing was written, or the ledger knows it.

    """
    steps = await read(worker, batches)
    now = time.time_ns() // 1_000_000
    holder = await store.holder()

    async def work(unit: Unit) -> Committed:
        entries = await unit.load(LEDGER, [batch.ledger_id for batch in batches])
        require_holder(entries.values(), holder)
        positions = [_position(entries.get(batch.ledger_id)) for batch in batches]
        again = [unsaid(batch, entries.get(batch.ledger_id)) for batch in batches]
        fresh = [unread(batch, position) for batch, position in zip(batches, positions, strict=True)]
        first = [records[0].offset if records else None for records in fresh]
        todo = [step for step in steps if (at := first[step.batch]) is not None and step.record.offset >= at]
        found = await look_up(worker, batches, todo, entries, unit)
        touched = wanted([*todo, *found.redriven.values(), *found.waiting.values()])
        loaded = {collection: await unit.load(collection, ids) for collection, ids in touched.items()}
        while True:
            parking = Parking(batches, found, worker.letters)
            folding = Folding(worker, batches, loaded, parking, now)
            for step in todo:
                folding.take(step)
            changes = folding.changes()
            if worker.settles is None or not await worker.settles():
                break
        await gate()
        says = [(*old, *changes.says.get(number, ())) for number, old in enumerate(again)]
        await _write(unit, _ledger(batches, entries, positions, says, parking), changes, parking)
        ids = tuple(event.id for step in todo for event in (step.says if step.event is None else (step.event,)))
        return Committed(
            tuple(chain.from_iterable(says)), ids, len(todo), len(steps) - len(todo), changes.refused, changes.parked
        )

    return await store.transact(work)


def _ledger(
    batches: Sequence[Batch],
    entries: Mapping[str, Document],
    positions: Sequence[int | None],
    says: Sequence[Sequence[Saying]],
    parking: Parking,
) -> tuple[list[Document], list[Document]]:
    """Return the ledger documents to insert and to replace."""
    change = parking.change()
    ledger = [
        entry(
            batch,
            position,
            says[number],
            parked=(was := entries.get(batch.ledger_id, {})).get("parked", 0) + change[number],
            by=was.get("by", b""),
        )
        for number, (batch, position) in enumerate(zip(batches, positions, strict=True))
        if position is None or batch.ends > position
    ]
    new = [document for document in ledger if document["_id"] not in entries]
    return new, [document for document in ledger if document["_id"] in entries]


async def _write(unit: Unit, ledger: tuple[list[Document], list[Document]], changes: Changes, parking: Parking) -> None:
    # The ledger comes first: a worker that lost its partition meets the conflict before it has written anything else.
    await unit.write(LEDGER, *ledger)
    for collection in {**changes.new, **changes.changed}:
        await unit.write(collection, changes.new.get(collection, ()), changes.changed.get(collection, ()))
    for collection, increments in changes.added.items():
        await unit.add(collection, increments)
    for collection, new, changed, removed in parking.writes():
        await unit.write(collection, new, changed)
        await unit.remove(collection, removed)


def _position(document: Document | None) -> int | None:
    return None if document is None else int(document["next"])
