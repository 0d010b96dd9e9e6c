"""The vault in MongoDB: one document for each learner, written by the door itself (docs/decisions/0070)."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from services.enrolment.vault.errors import Gone, Unreadable
from services.enrolment.vault.novelty import MOST_FIELDS, Novelty
from services.enrolment.vault.ring import KeyRing
from services.enrolment.vault.sealing import Person, Sealed, opened, rewrapped, seal
from shared.kit.store import Document, Store, Unit

VAULT = "vault"
#: The keys that wrap are found by this, and who still has an old one.
INDEXES = ((("kek", 1), ("_id", 1)),)
_PAGE = 500
_log = structlog.get_logger(__name__)


def _no_alarm() -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Vault:
    """Keeps who learners are; `alarm` is called for each document that does not open and was not erased."""

    store: Store
    ring: KeyRing
    alarm: Callable[[], object] = _no_alarm
    _novelty: Novelty = field(default_factory=lambda: Novelty(os.urandom(32)))
    _prepared: bool = False

    async def keep(self, tenant: str, people: Mapping[str, Person]) -> None:
        """Keep what is new about these people, by learner; what they have already and this does not mention stays.

        Raises:
            StoreUnavailable: the database does not answer.

        """
        fresh = self._novelty.fresh({_place(tenant, ref): person for ref, person in people.items()})
        if not fresh:
            return
        await self._prepare()

        async def work(unit: Unit) -> None:
            held = await unit.load(VAULT, fresh.keys())
            after = {place: self._with(held.get(place), place, person) for place, (person, _) in fresh.items()}
            documents = [{"_id": place, **document} for place, document in after.items() if document is not None]
            new = [each for each in documents if each["_id"] not in held]
            await unit.write(VAULT, new, [each for each in documents if each["_id"] in held])

        await self.store.transact(work)
        self._novelty.remember({place: digest for place, (_, digest) in fresh.items()})

    def _with(self, document: Document | None, place: str, person: Person) -> Document | None:
        """Return the document with what is new, or None where nothing is to be written."""
        if document is None:
            return _document(seal(self.ring, place, person))
        if _is_erased(document):
            return None
        sealed = _sealed(document)
        try:
            known = opened(self.ring, place, sealed)
            both = {**known, **person}
            return None if both == known or len(both) > MOST_FIELDS else _document(seal(self.ring, place, both, sealed))
        except Unreadable as error:
            self._cry(place, error)
            return None  # what cannot be read is not written over: it may be read again when its key is put back

    async def open(self, tenant: str, learner_ref: str) -> dict[str, Any] | None:
        """Return what is kept of a learner, or None where that is nothing.

        Raises:
            Gone: the learner was erased.
            Unreadable: what is kept does not open; the alarm was given.
            StoreUnavailable: the database does not answer.

        """
        place = _place(tenant, learner_ref)
        document = await self.store.get(VAULT, place)
        if document is None:
            return None
        if _is_erased(document):
            raise Gone(learner_ref)
        try:
            return opened(self.ring, place, _sealed(document))
        except Unreadable as error:
            self._cry(place, error)
            raise

    async def erase(self, tenant: str, refs: Collection[str], now: datetime) -> None:
        """Destroy the keys of these learners, and what they opened; nothing is kept of them again.

        Raises:
            StoreUnavailable: the database does not answer; perhaps nothing was destroyed: do it again.

        """
        await self._prepare()
        places = [_place(tenant, ref) for ref in refs]

        async def work(unit: Unit) -> None:
            held = await unit.load(VAULT, places)
            left = [place for place in places if place not in held or not _is_erased(held[place])]
            tombs = [{"_id": place, "erased": now} for place in left]
            new = [tomb for tomb in tombs if tomb["_id"] not in held]
            await unit.write(VAULT, new, [tomb for tomb in tombs if tomb["_id"] in held])

        await self.store.transact(work)
        _log.info("vault.erased", learners=places)

    async def rewrap(self) -> int:
        """Wrap every key under the newest key-encryption key that is not yet, and return how many were.

        Raises:
            StoreUnavailable: the database does not answer; what is left is done the next time.

        """
        await self._prepare()
        done = 0
        for kek in [name for name in self.ring.keys if name != self.ring.newest]:
            last = ""
            while page := await self.store.find(VAULT, {"kek": kek, "_id": {"$gt": last}}, limit=_PAGE):
                last = str(page[-1]["_id"])
                done += await self._rewrap([str(each["_id"]) for each in page], kek)
        return done

    async def _rewrap(self, places: Collection[str], kek: str) -> int:
        async def work(unit: Unit) -> int:
            held = await unit.load(VAULT, places)
            changed = []
            for place, document in held.items():
                if document.get("kek") == kek:
                    try:
                        changed.append({"_id": place, **_document(rewrapped(self.ring, place, _sealed(document)))})
                    except Unreadable as error:
                        self._cry(place, error)
            await unit.write(VAULT, [], changed)
            return len(changed)

        return await self.store.transact(work)

    def _cry(self, place: str, error: Unreadable) -> None:
        self.alarm()
        _log.error("vault.unreadable", learner=place, reason=str(error))

    async def _prepare(self) -> None:
        if not self._prepared:
            await self.store.prepare({VAULT: INDEXES})
            self._prepared = True


def _place(tenant: str, learner_ref: str) -> str:
    return f"{tenant}/{learner_ref}"


def _is_erased(document: Document) -> bool:
    # The only thing that says so: a document without it that does not open is an alarm.
    return "erased" in document


def _sealed(document: Document) -> Sealed:
    return Sealed(document.get("kek", ""), bytes(document.get("wrapped", b"")), bytes(document.get("content", b"")))


def _document(sealed: Sealed) -> Document:
    return {"kek": sealed.kek, "wrapped": sealed.wrapped, "content": sealed.content}
