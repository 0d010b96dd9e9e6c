"""Telling everybody: what was ruled on one document is told to all the documents that it is about, as events.

Who reads the ruled document beside their own needs to be told only if they are quiet: whatever is folded later counts
the ruling in by itself. A transaction that began before the ruling may commit after everybody seems to be told; the
database ends every transaction after a minute, so the last search comes when none of those can be left
(DESIGN.md, rule 10). Telling twice is harmless: ids are derived.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.kit.bindings import Telling
from shared.kit.fold import said
from shared.kit.producer import Publisher
from shared.kit.store import Document, Reader

UNTOLD = "untold"
#: Twice as long as MongoDB lets a transaction live (transactionLifetimeLimitSeconds, 60 by default).
CLOSED_AFTER_S = 120.0
_PAGE = 500
_FIRST_PAUSE_S = 1.0


@dataclass(slots=True)
class _Round:
    """The searches for those who have not heard of a ruled document as it is now; times of the teller's clock."""

    began: float
    next: float
    pause: float = _FIRST_PAUSE_S


class Teller:
    """Tells one model of one worker."""

    def __init__(
        self, telling: Telling, reader: Reader, publisher: Publisher, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin without knowing what was told; a search finds out."""
        self._telling = telling
        self._reader = reader
        self._publisher = publisher
        self._clock = clock
        self._rounds: dict[tuple[str, str], _Round] = {}

    async def sweep(self) -> int:
        """Tell whoever has not heard, where a search is due; return how many were told."""
        told, rounds, last = 0, {}, ""
        where = {UNTOLD: True}
        while page := await self._reader.find(
            self._telling.ruled.collection, {**where, "_id": {"$gt": last}}, limit=_PAGE
        ):
            last = str(page[-1]["_id"])
            for ruled in page:
                key = str(ruled["_id"]), self._telling.told(ruled).id
                now = self._clock()
                rounds[key] = self._rounds.get(key) or _Round(now, now)
                if rounds[key].next <= now:
                    told += await self._search(ruled, rounds[key])
        self._rounds = rounds
        return told

    async def _search(self, ruled: Document, search: _Round) -> int:
        told = 0
        for where in self._telling.behind(ruled):
            told += await self._tell_all(ruled, where)
        now = self._clock()
        if not told and now - search.began >= CLOSED_AFTER_S:
            await self._publisher.say([said(self._telling.told(ruled), self._telling.told_on.name)])
        search.next, search.pause = now + search.pause, search.pause * 2
        return told

    async def _tell_all(self, ruled: Document, where: Mapping[str, Any]) -> int:
        told, last = 0, where.get("_id", {})
        while page := await self._reader.find(self._telling.model.collection, {**where, "_id": last}, limit=_PAGE):
            found = [self._telling.tell(document, ruled) for document in page]
            events = [event for event in found if event is not None]
            await self._publisher.say([said(event, self._telling.tell_on.name) for event in events])
            last = {**last, "$gt": str(page[-1]["_id"])}
            told += len(events)
        return told
