"""Sweeping up what waits: documents that wait for something that is known by now are told so, by an event on the log.

A chunk may read "not known yet" and commit after the thing became known; the waiting mark in the document, swept while
anything waits, closes that race (DESIGN.md, rule 10). Telling twice is harmless: the event's id is derived.
"""

import time
from collections.abc import Sequence

from shared.contracts.envelope import Event
from shared.kit.bindings import Sweep
from shared.kit.fold import said
from shared.kit.producer import Publisher
from shared.kit.store import Document, Reader

WAITING = "waiting_for"
_PAGE = 500
_REPEAT_AFTER_S = 30.0


class Sweeper:
    """Sweeps one model of one worker."""

    def __init__(self, sweep: Sweep, reader: Reader, publisher: Publisher) -> None:
        """Remember what was told lately, so that it is not told again while it is on its way."""
        self._sweep = sweep
        self._reader = reader
        self._publisher = publisher
        self._told: dict[str, float] = {}

    async def sweep(self) -> int:
        """Tell every waiting document whose wait is over; return how many were told."""
        told = 0
        awaited = await self._next("")
        while awaited is not None:
            known = await self._reader.get(self._sweep.known.collection, awaited)
            if known is not None:
                told += await self._tell_all(awaited, known)
            awaited = await self._next(awaited)
        self._told = {key: at for key, at in self._told.items() if at > time.monotonic() - _REPEAT_AFTER_S}
        return told

    async def _next(self, after: str) -> str | None:
        found = await self._reader.find(
            self._sweep.model.collection, {WAITING: {"$gt": after}}, sort=((WAITING, 1),), limit=1
        )
        return str(found[0][WAITING]) if found else None

    async def _tell_all(self, awaited: str, known: Document) -> int:
        told, last = 0, ""
        while page := await self._page(awaited, last):
            last = str(page[-1]["_id"])
            fresh = [document for document in page if document["_id"] not in self._told]
            await self._tell([self._sweep.arrived(document, known) for document in fresh])
            self._told.update({document["_id"]: time.monotonic() for document in fresh})
            told += len(fresh)
        return told

    async def _page(self, awaited: str, after: str) -> list[Document]:
        where = {WAITING: awaited, "_id": {"$gt": after}}
        return await self._reader.find(self._sweep.model.collection, where, limit=_PAGE)

    async def _tell(self, events: Sequence[Event]) -> None:
        await self._publisher.say([said(event, self._sweep.topic.name) for event in events])
