"""The credential that signers and verifiers are measured with: one achievement, another learner each time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.issuance.jsonld.contexts import KNOWN, context
from services.issuance.keys.multikey import base58btc, multikey
from services.issuance.keys.signer import KeySigner

Document = dict[str, Any]

CREDENTIAL: Document = orjson.loads(Path(__file__).with_name("credential.json").read_bytes())
SUBJECT = "credentialSubject"
SLOTS = {
    "id": ("id",),
    "valid_from": ("validFrom",),
    "awarded": ("awardedDate",),
    "subject": (SUBJECT, "id"),
    "hash": (SUBJECT, "identifier", 0, "identityHash"),
    "salt": (SUBJECT, "identifier", 0, "salt"),
    "grade": (SUBJECT, "result", 0, "value"),
    "exam": (SUBJECT, "result", 1, "value"),
    "essay": ("evidence", 0, "narrative"),
    "status": ("credentialStatus", "id"),
    "index": ("credentialStatus", "statusListIndex"),
}
CREATED = "2026-03-02T10:30:00Z"
SECRET = bytes(range(32))
SIGNER = KeySigner(Ed25519PrivateKey.from_private_bytes(SECRET))
P256 = KeySigner(derive_private_key(int.from_bytes(SECRET), SECP256R1()))
ISSUER: str = CREDENTIAL["issuer"]["id"]
PAIR = {
    "id": f"{ISSUER}#{multikey(SIGNER.public_key)}",
    "controller": ISSUER,
    "publicKeyMultibase": multikey(SIGNER.public_key),
    "secretKeyMultibase": base58btc(b"\x80\x26" + SECRET),
}


def values(number: int) -> dict[str, str]:
    """Return what the `number`th learner's credential says."""
    return {
        "id": f"https://credentials.example/credentials/2b1f2a52-9a2b-5f0e-8f0b-{number:012d}",
        "valid_from": CREATED,
        "awarded": CREATED,
        "subject": f"urn:uuid:8c4e7f1a-3f0a-5b69-8a37-{number:012d}",
        "hash": f"sha256${number:064x}",
        "salt": f"{number:032x}",
        "grade": f"{40 + number % 60}.{number % 97:02d}",
        "exam": f"{35 + number % 65}.5",
        "essay": f'An essay about sample {number}, "weighed" and found in order.',
        "status": f"https://credentials.example/status/1#{number}",
        "index": str(number),
    }


def method(signer: KeySigner) -> str:
    """Return the name of a key."""
    return f"{ISSUER}#{multikey(signer.public_key)}"


def documents() -> Document:
    """Return what peers may look up."""
    key = {"type": "Multikey", **{name: value for name, value in PAIR.items() if name != "secretKeyMultibase"}}
    issuer = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": ISSUER,
        "verificationMethod": [key],
        "assertionMethod": [key["id"]],
    }
    contexts = {url: {"@context": context(url)} for url in KNOWN}
    loose = {"@context": "https://w3id.org/security/multikey/v1", **key}
    return {**contexts, ISSUER: issuer, "https://credentials.example/issuers/ou/did.json": issuer, key["id"]: loose}


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process, and those that it starts, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
