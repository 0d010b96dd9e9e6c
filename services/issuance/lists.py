"""Status lists as they are published: signed anew when something in them changed, and kept until then."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from services.issuance.credential import Names
from services.issuance.did import method_of
from services.issuance.keys.ring import Key, KeyRing
from services.issuance.marks import Purpose
from services.issuance.proofs.proof import secured
from services.issuance.status import bits_with, encoded, list_skeleton
from services.issuance.store import Registry
from shared.contracts.envelope import utc

FRESH_S = 0.25
"""For how long nobody looks whether anything changed; with a second in caches a change is seen well within two."""
_MOST = 1024


class Published(NamedTuple):
    """A status list credential, its ETag, its bits, and whose it is."""

    document: bytes
    tag: str
    bits: bytes
    tenant: str


class _Kept(NamedTuple):
    list: Published
    changes: int
    keys: tuple[Key, ...]
    looked: float


@dataclass(frozen=True, slots=True)
class StatusLists:
    """Makes status lists; whoever asks for one while it is being looked at gets the same. `clock` counts seconds."""

    names: Names
    keys: KeyRing
    registry: Registry
    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[tuple[str, Purpose], _Kept] = field(default_factory=OrderedDict)
    _looking: dict[tuple[str, Purpose], asyncio.Task[Published]] = field(default_factory=dict)

    async def published(self, list_id: str, purpose: Purpose) -> Published:
        """Return a BitstringStatusListCredential; the same bytes as long as nothing in it changes.

        Raises:
            StatusListNotFound: no credential has an entry in it.

        """
        key = list_id, purpose
        kept = self._kept.get(key)
        if kept is not None and self.clock() - kept.looked < FRESH_S:
            return kept.list
        looking = self._looking.get(key)
        if looking is None:
            looking = self._looking[key] = asyncio.create_task(self._looked(list_id, purpose))
            looking.add_done_callback(lambda _: self._looking.pop(key))
        # Shielded: one client that goes away must not take the list from the others.
        return await asyncio.shield(looking)

    async def _looked(self, list_id: str, purpose: Purpose) -> Published:
        looked = self.clock()
        # Counted before the bits are read: what changes in between is read again, never missed.
        changes, keys = await self.registry.changes(list_id), self.keys.keys
        kept = self._kept.pop((list_id, purpose), None)
        if kept is not None and kept.changes == changes and kept.keys is keys:
            made = kept.list
        else:
            # With another ring it is signed anew: the key that it was signed with may be believed no more.
            made = await self._made(list_id, purpose)
        self._kept[list_id, purpose] = _Kept(made, changes, keys, looked)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return made

    async def _made(self, list_id: str, purpose: Purpose) -> Published:
        listed = await self.registry.listed(list_id, purpose)
        url, bits = self.names.status_list(list_id, purpose), bits_with(listed.indexes)
        values = {
            "id": url,
            "issuer": self.names.issuer(listed.tenant),
            "valid_from": listed.since,
            "subject": f"{url}#list",
            "encoded": encoded(bits),
        }
        signer = self.keys.signer_at(listed.tenant, utc(listed.since))
        method = method_of(self.names, listed.tenant, signer)
        skeleton = list_skeleton(purpose)
        made = await self.keys.settled(lambda: secured(skeleton, values, signer, created=listed.since, method=method))
        return Published(made, f'"{sha256(made).hexdigest()[:32]}"', bits, listed.tenant)
