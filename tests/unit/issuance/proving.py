"""Signers of others, what they sign, and the verdict on it."""

import base64
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from services.issuance.checking.report import Outcome, Report
from services.issuance.checking.verifier import Ports, check, check_jwt
from services.issuance.errors import KeyUnknown
from services.issuance.jsonld.canonical import hash_of
from services.issuance.keys.jwk import fragment_of
from services.issuance.keys.signer import KeySigner
from services.issuance.proofs.proof import with_proof
from services.issuance.proofs.suites import ECDSA_RDFC, EDDSA_JCS, EDDSA_RDFC, Suite
from services.issuance.proofs.vcjwt import signed_jwt
from tests.unit.issuance.strangers import badge_by

Document = dict[str, Any]
CREATED = "2026-03-02T09:30:00Z"
ED = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
P256 = KeySigner(derive_private_key(7, SECP256R1()))
P384 = KeySigner(derive_private_key(7, SECP384R1()))
RSA = KeySigner(generate_private_key(65537, 2048))
WEB = "did:web:elsewhere.example"
SIGNERS = {f"{WEB}#{fragment_of(signer.public_key)}": signer for signer in (ED, P256, P384, RSA)}
suites = pytest.mark.parametrize(
    ("suite", "signer"),
    [(EDDSA_RDFC, ED), (EDDSA_JCS, ED), (ECDSA_RDFC, P256), (ECDSA_RDFC, P384)],
    ids=["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019 P-256", "ecdsa-rdfc-2019 P-384"],
)
signers = pytest.mark.parametrize("signer", [ED, RSA, P256], ids=["EdDSA", "RS256", "ES256"])


def method(signer: KeySigner) -> str:
    return f"{WEB}#{fragment_of(signer.public_key)}"


def badge(**members: Any) -> Document:
    return badge_by(WEB, **members)


def proved(suite: Suite = EDDSA_RDFC, signer: KeySigner = ED, document: Document | None = None) -> Document:
    return with_proof(document or badge(), signer, created=CREATED, method=method(signer), suite=suite)


def ports() -> Ports:
    async def hashed(document: Document, proof: Document) -> bytes:
        return hash_of(document, proof)

    async def key(issuer: str, name: str) -> bytes:
        if issuer == WEB and name in SIGNERS:
            return SIGNERS[name].public_key
        raise KeyUnknown(f"{issuer} has no key {name}")

    async def no_list(url: str, issuer: str, purpose: str) -> bytes:
        raise AssertionError(url, issuer)

    return Ports(hashed, key, no_list, lambda: datetime(2026, 4, 1, tzinfo=UTC))


async def verdict(given: Document | str) -> tuple[str, str]:
    """Return the first step that went wrong, or the proof, and its words."""
    report: Report = await (check_jwt(given, ports()) if isinstance(given, str) else check(given, ports()))
    wrong = [step for step in report.steps if step.outcome not in {Outcome.PASSED, Outcome.SKIPPED}]
    shown = wrong[0] if wrong else report.steps[2]
    return f"{shown.step} {shown.outcome}", shown.words


def good_header() -> Document:
    return {"alg": "EdDSA", "kid": method(ED), "typ": "JWT"}


def claimed() -> Document:
    """Return a good payload."""
    payload: Document = orjson.loads(unpacked(signed_jwt(badge(), ED, method(ED)).split(".")[1]))
    return payload


def resigned(header: Document, payload: Document, signer: KeySigner = ED) -> str:
    """Return a JWT with any header and payload, truly signed; with the Ed25519 key unless another is given."""
    content = f"{packed(header)}.{packed(payload)}"
    return f"{content}.{base64.urlsafe_b64encode(signer.sign(content.encode())).decode().rstrip('=')}"


def packed(value: Document) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
