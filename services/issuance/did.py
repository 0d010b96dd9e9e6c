"""Issuers' keys: the did:web documents that this service publishes, and whose keys it can find.

Sources: Controlled Identifiers 1.0, section 2; the did:web and did:key methods.
"""

from dataclasses import dataclass
from typing import Any

from services.issuance.credential import Names
from services.issuance.errors import IssuerNotFound, KeyUnknown
from services.issuance.multikey import DID_KEY, key_of, multikey
from services.issuance.signer import Signer
from services.issuance.store import Registry

_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


def method_of(names: Names, tenant: str, signer: Signer) -> str:
    """Return the verification method that an institution's credentials name: its DID and this service's key."""
    return f"{names.issuer(tenant)}#{multikey(signer.public_key)}"


def did_document(names: Names, tenant: str, signer: Signer) -> dict[str, Any]:
    """Return an institution's DID document: one key, which may assert credentials."""
    did, method = names.issuer(tenant), method_of(names, tenant, signer)
    key = {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": multikey(signer.public_key)}
    return {"@context": _CONTEXTS, "id": did, "verificationMethod": [key], "assertionMethod": [method]}


@dataclass(frozen=True, slots=True)
class KnownIssuers:
    """Finds keys without asking anybody: of this service's institutions, and of keys that are their own name."""

    names: Names
    signer: Signer
    registry: Registry

    async def key_of(self, issuer: str, method: str) -> bytes:
        """Return the Ed25519 key of an issuer's verification method.

        Raises:
            KeyUnknown: the issuer is elsewhere, or has no such key.

        """
        if issuer.startswith(DID_KEY):
            return self._of_itself(issuer, method)
        tenant = self.names.tenant_of(issuer)
        if tenant is None:
            raise KeyUnknown(f"{issuer} is looked up nowhere but in its own web page, and this service fetches nothing")
        if method != method_of(self.names, tenant, self.signer):
            raise KeyUnknown(f"{issuer} has no key {method}")
        try:
            await self.registry.issuer(tenant)
        except IssuerNotFound as error:
            raise KeyUnknown(str(error)) from error
        return self.signer.public_key

    @staticmethod
    def _of_itself(issuer: str, method: str) -> bytes:
        name = issuer.removeprefix(DID_KEY)
        if method != f"{issuer}#{name}":
            raise KeyUnknown(f"{issuer} has no key but itself")
        return key_of(name)
