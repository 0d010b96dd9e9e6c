"""The parity check: the old generation as it was at one moment, against the new one folded up to that moment."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.kit.errors import SnapshotExpired
from shared.kit.generations import named
from shared.kit.ledger import LEDGER
from shared.kit.rebuild.live import positions_in
from shared.kit.rebuild.parity import Parity, compare, essence_of
from shared.kit.rebuild.replay import Replay
from shared.kit.rebuild.report import Tell
from shared.kit.rebuild.scope import Scope
from shared.kit.rebuild.view import View
from shared.kit.store import Document, Snapshot, WholeStore


@dataclass(frozen=True, slots=True)
class Check:
    """Compares a generation with the live one; `current` is that one's number of each collection."""

    store: WholeStore
    scope: Scope
    view: View
    replay: Replay
    current: Mapping[str, int]
    tell: Tell

    async def compare(self) -> list[Parity]:
        """Compare every document of every collection of the scope, both ways.

        The live service goes on meanwhile: what is compared is one moment of it. A comparison that lasts longer than
        the database remembers goes on at a later moment, up to which the new generation is folded first.
        """
        found = [Parity(collection) for collection in self.scope.collections]
        left = list(found)
        while left:
            async with self.store.snapshot() as old:
                await self.replay.fold_to(positions_in(await _all(old, LEDGER), self.replay.ids))
                try:
                    while left:
                        await self._compare(old, left[0])
                        self.tell("parity", **left.pop(0).told())
                except SnapshotExpired:
                    self.tell("moment-passed", collection=left[0].collection, after=left[0].after)
        return found

    async def _compare(self, old: Snapshot, parity: Parity) -> None:
        collection = parity.collection
        essence = essence_of(collection, tally=collection in self.scope.tallies)
        was = old.scan(named(collection, self.current.get(collection, 1)), parity.after)
        async with self.store.snapshot() as new:
            await compare(parity, was, new.scan(self.view.name(collection), parity.after), essence)


async def _all(snapshot: Snapshot, collection: str) -> list[Document]:
    return [document async for document in snapshot.scan(collection)]
