"""A holder, what they present, and the verdict on it."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.issuance.jsonld.canonical import hash_of
from services.issuance.keys.multikey import base58btc, did_key
from services.issuance.keys.signer import KeySigner
from services.issuance.proofs.proof import options_for
from services.issuance.proofs.suites import EDDSA_RDFC
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.calls import post
from tests.unit.issuance.proving import resigned

HOLDER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
DID = did_key(HOLDER.public_key)


def presented(*held: Any, **members: Any) -> dict[str, Any]:
    """Return a presentation with a proof of its holder."""
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": DID,
        **({"verifiableCredential": list(held)} if held else {}),
        **members,
    }
    method = f"{DID}#{DID.removeprefix('did:key:')}"
    proof = options_for(document, EDDSA_RDFC, created="2026-03-02T10:30:00Z", method=method)
    proof |= {"proofPurpose": "authentication", "challenge": "c1", "domain": "verifier.example"}
    return {**document, "proof": {**proof, "proofValue": base58btc(HOLDER.sign(hash_of(document, proof)))}}


def enveloped(*held: Any, header: dict[str, Any] | None = None, **claims: Any) -> dict[str, Any]:
    """Return a presentation in an envelope that its holder closed."""
    payload = {name: value for name, value in presented(*held).items() if name != "proof"}
    head = {"alg": "EdDSA", "kid": f"{DID}#{DID.removeprefix('did:key:')}", "typ": "vp+jwt", "cty": "vp"}
    named = {"iss": DID, "nonce": "c1", "aud": "verifier.example", **claims}
    closed = resigned({**head, **(header or {})}, {**payload, **named}, HOLDER)
    return {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:application/vp+jwt,{closed}",
        "type": "EnvelopedVerifiablePresentation",
    }


async def verdict(service: Service, document: dict[str, Any], member: str = "verifiablePresentation", **options: str):
    answer = await post(service, "/presentations/verify", {member: document, "options": options})
    assert answer.status_code == 200, answer.text
    return answer.json()
