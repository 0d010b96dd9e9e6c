"""Data Integrity proofs with eddsa-rdfc-2022, made on prepared documents.

Sources: Data Integrity EdDSA Cryptosuites 1.0, sections 3.2.1 (create proof) and 3.2.2 (verify proof).
"""

from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.issuance.canonical import Document, digest
from services.issuance.multikey import base58btc, from_base58btc
from services.issuance.signer import Signer
from services.issuance.skeleton import Skeleton, Values, prepared

SUITE = "eddsa-rdfc-2022"
_SLOTS = {"created": ("created",), "method": ("verificationMethod",)}


@cache
def _options(contexts: tuple[str, ...]) -> Skeleton:
    options = {
        "@context": list(contexts),
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": "",
        "verificationMethod": "",
        "proofPurpose": "assertionMethod",
    }
    return prepared(options, _SLOTS)


def hash_of_prepared(skeleton: Skeleton, values: Values, *, created: str, method: str) -> bytes:
    """Return what the proof of a prepared document signs, 64 bytes."""
    options = _options(tuple(skeleton.constant["@context"]))
    proof = options.canonical({"created": created, "method": method})
    return digest(proof) + digest(skeleton.canonical(values))


def secured(skeleton: Skeleton, values: Values, signer: Signer, *, created: str, method: str) -> Document:
    """Return a prepared document with its proof; `proof` is an array, as the Open Badges 3.0 schema has it."""
    document = skeleton.document(values)
    proof = _options(tuple(document["@context"])).document({"created": created, "method": method})
    del proof["@context"]
    content = hash_of_prepared(skeleton, values, created=created, method=method)
    proof["proofValue"] = base58btc(signer.sign(content))
    return {**document, "proof": [proof]}


def holds(proof: Document, content: bytes, public_key: bytes) -> bool:
    """Tell whether a proof's value is this key's signature of the content."""
    value: Any = proof.get("proofValue")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(from_base58btc(value), content)
    except (InvalidSignature, ValueError, AttributeError):
        return False
    return True
