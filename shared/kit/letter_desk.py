"""What operators do with dead letters: find them, look at them, and append what they decide to the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.topics import TOPICS
from shared.kit.commands import Command, Decision, command_record
from shared.kit.foreign import FOREIGN_LETTERS
from shared.kit.ledger import Saying
from shared.kit.letters import LETTERS, Letter, Status
from shared.kit.parking import PARKED
from shared.kit.producer import Publisher
from shared.kit.store import Document, Reader

_COMPACTED = {topic.name for topic in TOPICS if topic.compacted}


_TOO_LARGE = "its record is too large for any release to take: discard it; the topic keeps the bytes"
_FORGOTTEN = "its bytes named people, and are not kept any longer: discard it; its place says where they stood"


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter, and how many records wait for it."""

    letter: Letter
    place: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters to find; None is any."""

    status: Status | None = "open"
    topic: str | None = None
    error: str | None = None
    ids: Sequence[str] | None = None

    def where(self, after: str) -> dict[str, Any]:
        """Return the query for those whose place comes after `after`."""
        where: dict[str, Any] = {"place": {"$gt": after}}
        where |= {name: value for name in ("status", "topic", "error") if (value := getattr(self, name)) is not None}
        if self.ids is not None:
            where["_id"] = {"$in": list(self.ids)}
        return where


@dataclass(frozen=True, slots=True)
class LetterDesk:
    """The dead letters of one service."""

    service: str
    reader: Reader
    publisher: Publisher

    async def find(self, wanted: Wanted, after: str = "", limit: int = 100) -> list[Shown]:
        """Return letters in the order in which their records stood on the log."""
        where, by = wanted.where(after), (("place", 1),)
        found = await self.reader.find(LETTERS, where, sort=by, limit=limit)
        theirs = await self.reader.find(FOREIGN_LETTERS, where, sort=by, limit=limit)
        found = sorted((*found, *theirs), key=lambda document: str(document["place"]))[:limit]
        waiting = await self._waiting([document["_id"] for document in found])
        return [Shown(Letter.load(document), document["place"], waiting.get(document["_id"], 0)) for document in found]

    async def get(self, id_: str) -> Shown | None:
        """Return one letter, or None."""
        found = await self.find(Wanted(status=None, ids=[id_]), limit=1)
        return found[0] if found else None

    async def decide(self, do: Decision, ids: Sequence[str], *, by: str, why: str) -> dict[str, str]:
        """Append one decision about these letters, in the order of their records; return why some were left out.

        Raises:
            PublishFailed: any of them may stand on the log; to decide again does no harm.

        """
        found = {shown.letter.id: shown.letter for shown in await self.find(Wanted(None, ids=ids), limit=len(ids))}
        refused = {id_: "there is no such letter" for id_ in ids if id_ not in found}
        refused |= {id_: f"it was {each.status} already" for id_, each in found.items() if each.status != "open"}
        if do == "redrive":
            gone = {id_: each for id_, each in found.items() if not each.whole and id_ not in refused}
            refused |= {id_: _FORGOTTEN if each.sealed else _TOO_LARGE for id_, each in gone.items()}
        open_ = [letter for id_, letter in found.items() if id_ not in refused]
        await self.publisher.say([self._command(do, letter, by, why) for letter in open_])
        return refused

    def _command(self, do: Decision, letter: Letter, by: str, why: str) -> Saying:
        command = Command(do, self.service, letter.id, letter.attempts, by, why)
        return command_record(command, letter, compacted=letter.topic in _COMPACTED)

    async def _waiting(self, ids: Sequence[str]) -> Mapping[str, int]:
        keys: list[Document] = await self.reader.find(PARKED, {"letter": {"$in": list(ids)}}, limit=len(ids) or 1)
        return {document["letter"]: len(document["waiting"]) for document in keys}
