"""An issuer elsewhere on a real server: its page, its list, and what it signs."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.issuance.jsonld.canonical import hash_of
from services.issuance.jsonld.contexts import CREDENTIALS_V2
from services.issuance.keys.multikey import base58btc, multikey
from services.issuance.keys.signer import KeySigner
from services.issuance.status import bits_with, encoded
from tests.integration.issuance.test_strangers import badge
from tests.integration.issuance.webserver import Stranger
from tests.unit.issuance.desk import Service

Document = dict[str, Any]
SIGNER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(reversed(range(32)))))


def did(server: Stranger) -> str:
    return f"did:web:127.0.0.1%3A{server.port}"


def page(name: str, **method: Any) -> Document:
    """Return a DID document with one key."""
    key = {"id": "#key-1", "type": "Multikey", "controller": name, "publicKeyMultibase": multikey(SIGNER.public_key)}
    return {"id": name, "verificationMethod": [{**key, **method}], "assertionMethod": ["#key-1"]}


def signed(document: Document, server: Stranger, issuer: str = "") -> Document:
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-02T09:30:00Z",
        "verificationMethod": f"{issuer or did(server)}#key-1",
        "proofPurpose": "assertionMethod",
    }
    return {**document, "proof": {**options, "proofValue": base58btc(SIGNER.sign(hash_of(document, options)))}}


def credential(server: Stranger, **members: Any) -> Document:
    """Return a credential of the stranger, with an entry in its list."""
    status = {
        "id": f"{server.url}/status/1#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": f"{server.url}/status/1",
    }
    issuer = {"id": did(server), "type": ["Profile"], "name": "Elsewhere"}
    return badge(**{"issuer": issuer, "credentialStatus": status, **members})


def status_list(server: Stranger, *indexes: int, **members: Any) -> Document:
    return {
        "@context": [CREDENTIALS_V2],
        "id": f"{server.url}/status/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did(server),
        "validFrom": "2026-03-02T09:30:00Z",
        "credentialSubject": {
            "id": f"{server.url}/status/1#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(bits_with(indexes)),
        },
        **members,
    }


async def codes(service: Service, shown: bytes) -> tuple[bool, list[str]]:
    async with service.client() as client:
        answer = await client.post("/credentials/verify", content=shown, headers={"Content-Type": "x/y"})
    assert answer.status_code == 200, answer.text
    return answer.json()["verified"], [step["code"] for step in answer.json()["steps"]]


def asked(server: Stranger, path: str) -> int:
    """Return how often a path was asked for."""
    return sum(head.startswith(f"GET {path} ") for head in server.heard)
