"""Issuers' keys: the did:web documents that this service publishes, and whose keys it can find.

Sources: Controlled Identifiers 1.0, section 2; the did:web and did:key methods.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.issuance.credential import Names
from services.issuance.errors import IssuerNotFound, KeyUnknown
from services.issuance.keys.jwk import fragment_of, jwk
from services.issuance.keys.multikey import DID_KEY, RS256, algorithm_of, key_of, multikey
from services.issuance.keys.ring import Key, KeyRing
from services.issuance.keys.signer import Signer
from services.issuance.store import Registry
from services.issuance.wording import timestamp

_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
_JWK_CONTEXT = "https://w3id.org/security/jwk/v1"


def method_of(names: Names, tenant: str, signer: Signer) -> str:
    """Return the verification method that an institution's credentials name: its DID and this service's key."""
    return f"{_did(names, tenant)}#{fragment_of(signer.public_key)}"


@lru_cache(maxsize=4096)
def _did(names: Names, tenant: str) -> str:
    return names.issuer(tenant)


def did_document(names: Names, tenant: str, keys: KeyRing) -> dict[str, Any]:
    """Return an institution's DID document: every key that ever signed for it, the compromised ones marked as revoked.

    Only keys that may be believed assert credentials (Controlled Identifiers 1.0, sections 2.2 and 2.3). An RSA key
    stands there as a JWK, under its thumbprint (section 2.2.3).
    """
    did = names.issuer(tenant)
    methods = [_method(names, tenant, key) for key in keys.keys_of(tenant)]
    asserting = [method["id"] for method in methods if "revoked" not in method]
    contexts = [*_CONTEXTS, _JWK_CONTEXT] if any("publicKeyJwk" in method for method in methods) else _CONTEXTS
    return {"@context": contexts, "id": did, "verificationMethod": methods, "assertionMethod": asserting}


def _method(names: Names, tenant: str, key: Key) -> dict[str, Any]:
    method = {
        "id": method_of(names, tenant, key.signer),
        "controller": names.issuer(tenant),
        **_shown(key.signer.public_key),
    }
    return {**method, "revoked": timestamp(key.compromised)} if key.compromised else method


def _shown(public_key: bytes) -> dict[str, Any]:
    if algorithm_of(public_key) == RS256:
        members = {**jwk(public_key), "alg": RS256, "kid": fragment_of(public_key)}
        return {"type": "JsonWebKey", "publicKeyJwk": members}
    return {"type": "Multikey", "publicKeyMultibase": multikey(public_key)}


@dataclass(frozen=True, slots=True)
class KnownIssuers:
    """Finds keys without asking anybody: of this service's institutions, and of keys that are their own name."""

    names: Names
    keys: KeyRing
    registry: Registry

    async def key_of(self, issuer: str, method: str) -> bytes:
        """Return the public key of an issuer's verification method.

        Raises:
            KeyUnknown: the issuer is elsewhere, has no such key, or it is not to be believed any more.

        """
        if issuer.startswith(DID_KEY):
            return self._of_itself(issuer, method)
        tenant = self.names.tenant_of(issuer)
        if tenant is None:
            raise KeyUnknown(f"{issuer} is no institution of this service, and no key that is its own name")
        key = next(
            (one for one in self.keys.keys_of(tenant) if method_of(self.names, tenant, one.signer) == method), None
        )
        if key is None:
            raise KeyUnknown(f"{issuer} has no key {method}")
        if key.compromised:
            raise KeyUnknown(
                f"its key came into other hands on {key.compromised:%d %B %Y}; ask for it to be signed anew"
            )
        try:
            await self.registry.issuer(tenant)
        except IssuerNotFound as error:
            raise KeyUnknown(str(error)) from error
        return key.signer.public_key

    @staticmethod
    def _of_itself(issuer: str, method: str) -> bytes:
        name = issuer.removeprefix(DID_KEY)
        if method != f"{issuer}#{name}":
            raise KeyUnknown(f"{issuer} has no key but itself")
        return key_of(name)
