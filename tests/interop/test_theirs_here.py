"""What others issue is accepted here, with every proof, and refused with any text changed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey, OKPKey, RSAKey
from openbadgeslib.ob3 import Achievement, Issuer, OB3Signer, OpenBadgeCredential
from openbadgeslib.ob3.ldp import OB3LdpSigner

from services.issuance.checking.verifier import Ports, check, check_jwt
from services.issuance.errors import KeyUnknown
from services.issuance.jsonld.canonical import hash_of
from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES_3_0_0
from services.issuance.keys.jwk import fragment_of
from services.issuance.keys.multikey import DID_KEY, base58btc, did_key, key_of, multikey
from services.issuance.keys.signature import bytes_of
from services.issuance.proofs.vcjwt import claims_of
from shared.testing.peers import Peers
from tests.interop.issued import CREATED, SUITES, leaves, with_other_text
from tests.unit.issuance.shapes import SHAPES, issued_as
from tests.unit.issuance.strangers import badge_by

Document = dict[str, Any]
PrivateKey = Any
WEB = "did:web:elsewhere.example"
ED = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\1")
P256 = derive_private_key(11, SECP256R1())
RSA = generate_private_key(65537, 2048)
KEYS: dict[str, tuple[PrivateKey, Any]] = {"EdDSA": (ED, OKPKey), "RS256": (RSA, RSAKey), "ES256": (P256, ECKey)}


def ports() -> Ports:
    """Return ports of a verifier that knows every did:key, and one issuer with these three keys."""

    async def hashed(document: Document, proof: Document) -> bytes:
        return hash_of(document, proof)

    async def key(issuer: str, method: str) -> bytes:
        if issuer.startswith(DID_KEY) and method == f"{issuer}#{issuer.removeprefix(DID_KEY)}":
            return key_of(issuer.removeprefix(DID_KEY))
        if issuer == WEB and method.startswith(f"{WEB}#"):
            name = method.removeprefix(f"{WEB}#")
            for algorithm, (private, _) in KEYS.items():
                if algorithm == name or name.endswith(fragment(private)):
                    return bytes_of(private.public_key())
        raise KeyUnknown(f"{issuer} has no key {method}")

    async def bits(url: str, issuer: str, purpose: str) -> bytes:
        return bytes(16_384)

    return Ports(hashed, key, bits, lambda: datetime(2026, 6, 1, tzinfo=UTC))


async def verified(document: Document | str) -> bool:
    report = await (check_jwt(document, ports()) if isinstance(document, str) else check(document, ports()))
    return report.verified


def unsecured(shape: str, issuer: str) -> Document:
    document = issued_as(shape)
    del document["proof"]
    return {**document, "issuer": {**document["issuer"], "id": issuer}}


def pair(private: PrivateKey) -> Document:
    """Return a key pair as Digital Bazaar's libraries read it."""
    public = bytes_of(private.public_key())
    code = b"\x80\x26" if private is ED else b"\x86\x26"
    secret = private.private_bytes_raw() if private is ED else private.private_numbers().private_value.to_bytes(32)
    return {
        "id": f"{did_key(public)}#{multikey(public)}",
        "controller": did_key(public),
        "publicKeyMultibase": multikey(public),
        "secretKeyMultibase": base58btc(code + secret),
    }


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("suite", SUITES)
async def test_what_digital_bazaar_issues(peers: Peers, suite: str, shape: str) -> None:
    keys = pair(P256 if suite.startswith("ecdsa") else ED)
    credential = unsecured(shape, keys["controller"])

    document = peers.ask("vc issue", credential=credential, cryptosuite=suite, pair=keys, date=CREATED)

    assert document["proof"]["cryptosuite"] == suite, document
    assert await verified(document)
    assert [path for path in leaves(document) if await verified(with_other_text(document, path))] == []


async def test_what_digital_bazaar_issues_under_the_first_context_of_open_badges(peers: Peers) -> None:
    """It defines what VC 2.0 protects: as a graph nobody can sign under it, as JSON they do and we check it."""
    keys = pair(ED)
    credential = badge_by(keys["controller"], **{"@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_0]})

    def issued(suite: str) -> Document:
        answer: Document = peers.ask("vc issue", credential=credential, cryptosuite=suite, pair=keys, date=CREATED)
        return answer

    assert "protected term" in issued("eddsa-rdfc-2022")["words"]
    document = issued("eddsa-jcs-2022")
    assert await verified(document)
    assert [path for path in leaves(document) if await verified(with_other_text(document, path))] == []


async def test_a_number_that_canonicalisers_write_differently(peers: Peers) -> None:
    keys = pair(ED)
    credential = unsecured("plain", keys["controller"])
    credential["credentialSubject"]["achievement"]["creditsAvailable"] = 77.99

    document = peers.ask("vc issue", credential=credential, cryptosuite="eddsa-rdfc-2022", pair=keys, date=CREATED)

    assert await verified(document)


@pytest.mark.parametrize("algorithm", KEYS)
async def test_what_jose_signs(peers: Peers, algorithm: str) -> None:
    private, kind = KEYS[algorithm]
    credential = unsecured("plain", WEB)
    key = kind.import_key(pem(private)).as_dict(private=True)

    token = peers.ask(
        "jose issue",
        payload={**credential, **claims_of(credential)},
        header={"alg": algorithm, "kid": f"{WEB}#{algorithm}", "typ": "JWT"},
        jwk=key,
    )

    assert await verified(token)
    for place in (5, len(token) // 2, len(token) - 10):
        assert not await verified(f"{token[:place]}{'A' if token[place] != 'A' else 'B'}{token[place + 1 :]}")


@pytest.mark.parametrize("algorithm", KEYS)
async def test_what_openbadgeslib_signs_as_a_jwt(algorithm: str) -> None:
    private, _ = KEYS[algorithm]

    token = OB3Signer(pem(private), algorithm=algorithm).sign(theirs(WEB))

    assert await verified(token)
    assert not await verified(f"{token[:-10]}{'A' if token[-10] != 'A' else 'B'}{token[-9:]}")


async def test_what_openbadgeslib_issues() -> None:
    signer = OB3LdpSigner(pem(ED))

    document = json.loads(signer.sign_to_json(theirs(did_key(bytes_of(ED.public_key())))))

    assert await verified(document)
    assert [path for path in leaves(document) if await verified(with_other_text(document, path))] == []


def theirs(issuer: str) -> OpenBadgeCredential:
    return OpenBadgeCredential(
        issuer=Issuer(id=issuer, name="Elsewhere"),
        recipient_id="urn:uuid:1c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
        achievement=Achievement(
            id="https://elsewhere.example/a", name="Weaving", description="Baskets.", criteria_narrative="Weave one."
        ),
        issuance_date=datetime(2026, 3, 2, tzinfo=UTC),
    )


def pem(private: PrivateKey) -> bytes:
    content: bytes = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return content


def fragment(private: PrivateKey) -> str:
    return fragment_of(bytes_of(private.public_key()))
