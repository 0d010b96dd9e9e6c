"""The verifier's ports as this service fills them: own credentials at once, strangers' in the sandbox."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from services.issuance.credential import SLOTS, Names
from services.issuance.did import KnownIssuers
from services.issuance.errors import CredentialNotFound, StatusListNotFound, StatusUnknown
from services.issuance.fetching.fetcher import Fetcher
from services.issuance.fetching.issuers import DID_WEB, WebIssuers
from services.issuance.fetching.status_lists import WebStatusLists
from services.issuance.proof import hash_of_prepared
from services.issuance.report import Report
from services.issuance.sandbox import Sandbox
from services.issuance.signer import Signer
from services.issuance.skeleton import Skeleton, prepared, values_of, with_values
from services.issuance.status import bits_with
from services.issuance.store import Registry
from services.issuance.verifier import Ports, check, check_jwt

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks credentials for whoever asks."""

    names: Names
    signer: Signer
    registry: Registry
    sandbox: Sandbox
    fetcher: Fetcher
    plain: bool = False
    """Whether did:web on this machine is asked without TLS."""

    async def check(self, document: Document) -> Report:
        """Return how each step of the check went.

        Raises:
            CheckerBusy: too many strangers' documents wait already.

        """
        return await check(document, self._ports)

    async def check_jwt(self, text: str) -> Report:
        """Return how each step of the check of a JWT went (see `check`)."""
        return await check_jwt(text, self._ports)

    @property
    def _ports(self) -> Ports:
        return Ports(self._hash_of, self._key_of, self._bits_of, _now)

    async def _key_of(self, issuer: str, method: str) -> bytes:
        if issuer.startswith(DID_WEB) and self.names.tenant_of(issuer) is None:
            return await WebIssuers(self.fetcher, self.plain).key_of(issuer, method)
        return await KnownIssuers(self.names, self.signer, self.registry).key_of(issuer, method)

    async def _hash_of(self, document: Document, proof: Document) -> bytes:
        if not await self._is_ours(document):
            return await self.sandbox.hash_of(document, proof)
        unsecured = {key: value for key, value in document.items() if key != "proof"}
        constant = with_values(unsecured, SLOTS, dict.fromkeys(SLOTS, ""))
        return hash_of_prepared(
            _prepared(orjson.dumps(constant)),
            values_of(unsecured, SLOTS),
            created=proof["created"],
            method=proof["verificationMethod"],
        )

    async def _is_ours(self, document: Document) -> bool:
        """Tell whether the document is, member by member, one that was issued here."""
        own = self.names.credential("")
        name = document.get("id")
        if not isinstance(name, str) or not name.startswith(own):
            return False
        try:
            _, credential = await self.registry.credential(name.removeprefix(own))
        except CredentialNotFound:
            return False
        return bool(orjson.loads(credential.document) == document)

    async def _bits_of(self, list_url: str, issuer: str) -> bytes:
        own = self.names.status_list("")
        if not list_url.startswith(own):
            return await WebStatusLists(self.fetcher, self._hash_of, self._key_of, _now).bits_of(list_url, issuer)
        try:
            marked = await self.registry.marked(list_url.removeprefix(own))
        except StatusListNotFound as error:
            raise StatusUnknown(str(error)) from error
        if self.names.issuer(marked.tenant) != issuer:
            raise StatusUnknown("its status list belongs to another issuer")
        return bits_with(marked.indexes)


def _now() -> datetime:
    return datetime.now(UTC)


@lru_cache(maxsize=1024)
def _prepared(constant: bytes) -> Skeleton:
    return prepared(orjson.loads(constant), SLOTS)
