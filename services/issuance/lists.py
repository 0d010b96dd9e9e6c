"""Status lists as they are published: signed anew from what the registry holds."""

import asyncio
from dataclasses import dataclass, field

import orjson

from services.issuance.credential import Names
from services.issuance.did import method_of
from services.issuance.proof import secured
from services.issuance.signer import Signer
from services.issuance.status import bits_with, encoded, list_skeleton
from services.issuance.store import Registry


@dataclass(frozen=True, slots=True)
class StatusLists:
    """Makes status lists; whoever asks for one while it is being made gets the same."""

    names: Names
    signer: Signer
    registry: Registry
    _making: dict[str, asyncio.Task[bytes]] = field(default_factory=dict)

    async def document(self, list_id: str) -> bytes:
        """Return a BitstringStatusListCredential; the same bytes as long as nothing in it changes.

        Raises:
            StatusListNotFound: no credential has an entry in it.

        """
        making = self._making.get(list_id)
        if making is None:
            making = self._making[list_id] = asyncio.create_task(self._made(list_id))
            making.add_done_callback(lambda _: self._making.pop(list_id))
        # Shielded: one client that goes away must not take the list from the others.
        return await asyncio.shield(making)

    async def _made(self, list_id: str) -> bytes:
        marked = await self.registry.marked(list_id)
        url = self.names.status_list(list_id)
        values = {
            "id": url,
            "issuer": self.names.issuer(marked.tenant),
            "valid_from": marked.since,
            "subject": f"{url}#list",
            "encoded": encoded(bits_with(marked.indexes)),
        }
        method = method_of(self.names, marked.tenant, self.signer)
        return orjson.dumps(secured(list_skeleton(), values, self.signer, created=marked.since, method=method))
