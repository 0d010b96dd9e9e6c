"""Our credentials and other people's software, both ways; and the official schema."""

import copy
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jsonschema import Draft201909Validator
from openbadgeslib.ob3 import Achievement, Issuer, OpenBadgeCredential
from openbadgeslib.ob3.contexts import document_loader
from openbadgeslib.ob3.ldp import OB3LdpSigner, OB3LdpVerifier, verify_data_integrity_proof
from openbadgeslib.ob3.status import decode_encoded_list
from openbadgeslib.ob3.verifier import OB3VerificationError
from pyld import jsonld

from services.issuance.checking.verifier import Ports, check
from services.issuance.did import KnownIssuers, did_document
from services.issuance.jsonld.canonical import hash_of
from services.issuance.jsonld.contexts import CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES, context
from services.issuance.keys.multikey import from_base58btc
from services.issuance.status import bits_with, encoded
from services.issuance.store import Registry
from shared.testing.memory import MemoryStore
from tests.unit.issuance.builders import KEYS, NAMES, SIGNER
from tests.unit.issuance.shapes import SHAPES, issued_as

Document = dict[str, Any]


@pytest.fixture(params=SHAPES)
def issued(request: pytest.FixtureRequest) -> Document:
    """A credential of each shape that is issued."""
    return issued_as(request.param)


def download(url: str, *_: object, **__: object) -> bytes:
    """Serve our DID document where did:web looks for it."""
    assert url == "https://localhost:8003/issuers/ou/did.json"
    return orjson.dumps(did_document(NAMES, "ou", KEYS))


def test_openbadgeslib_accepts_what_we_issue(issued: Document) -> None:
    accepted = OB3LdpVerifier().verify(issued, download=download)

    assert accepted.id == issued["id"]


def test_openbadgeslib_refuses_what_was_changed(issued: Document) -> None:
    issued["credentialSubject"]["result"][0]["value"] = "100"

    with pytest.raises(OB3VerificationError, match="signature mismatch"):
        OB3LdpVerifier().verify(issued, download=download)


def test_the_proof_signs_what_pyld_canonicalises(issued: Document) -> None:
    [proof] = issued.pop("proof")
    options = {**{key: value for key, value in proof.items() if key != "proofValue"}, "@context": issued["@context"]}

    content = b"".join(hashlib.sha256(by_pyld(each)).digest() for each in (options, issued))

    Ed25519PublicKey.from_public_bytes(SIGNER.public_key).verify(from_base58btc(proof["proofValue"]), content)


def test_it_means_the_same_under_both_contexts_in_circulation(issued: Document) -> None:
    del issued["proof"]
    other = copy.deepcopy(dict(context(OPEN_BADGES)))
    # The text in the specification's own repository lacks two terms that the validator's has.
    del other["endorsementJwt"], other["jti"]
    assert fingerprint({"@context": other}) == "1b137b0e3564096ad810c8cd502e0b244cff8390c4b707675c8e7779f1375e5b"

    def under(terms: Any, **members: Any) -> bytes:
        return by_pyld({**issued, **members, "@context": [CREDENTIALS_V2, terms, EXTENSIONS]})

    assert under(other) == under(context(OPEN_BADGES)) == by_pyld(issued)
    assert under(other, endorsementJwt="x") != under(context(OPEN_BADGES), endorsementJwt="x")


def test_it_validates_against_the_official_schema(issued: Document, official_schema: Document) -> None:
    errors = [error.message for error in Draft201909Validator(official_schema).iter_errors(issued)]

    assert errors == []


def test_the_official_schema_would_have_complained(issued: Document, official_schema: Document) -> None:
    del issued["credentialSubject"]["achievement"]["criteria"]

    assert not Draft201909Validator(official_schema).is_valid(issued)


def test_others_read_our_status_lists() -> None:
    bits = bits_with([0, 9, 131_071])

    assert decode_encoded_list(encoded(bits)) == bits


@pytest.mark.parametrize("proof_as", [lambda proof: proof, lambda proof: [proof]])
async def test_we_accept_what_openbadgeslib_issues_and_refuse_it_changed(proof_as: Callable[[Any], Any]) -> None:
    document = theirs()
    document["proof"] = proof_as(document["proof"])
    changed = copy.deepcopy(document)
    changed["credentialSubject"]["achievement"]["name"] = "Surgery"

    assert (await check(document, ports())).verified
    assert not (await check(changed, ports())).verified


def test_openbadgeslib_agrees_with_our_hash() -> None:
    document = theirs()
    key = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()

    verify_data_integrity_proof(document, key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    key.verify(from_base58btc(document["proof"]["proofValue"]), hash_of(document, document["proof"]))


def theirs() -> Document:
    """Return a credential that openbadgeslib made and signed with a did:key."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signer = OB3LdpSigner(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    credential = OpenBadgeCredential(
        issuer=Issuer(id=signer.verification_method.partition("#")[0], name="Elsewhere"),
        recipient_id="urn:uuid:1c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
        achievement=Achievement(
            id="https://elsewhere.example/a", name="Weaving", description="Baskets.", criteria_narrative="Weave one."
        ),
        issuance_date=datetime(2026, 3, 2, tzinfo=UTC),
    )
    document: Document = json.loads(signer.sign_to_json(credential))
    return document


def ports() -> Ports:
    async def hashed(document: Document, proof: Document) -> bytes:
        return hash_of(document, proof)

    async def no_list(url: str, issuer: str, purpose: str) -> bytes:
        raise AssertionError(url, issuer)

    issuers = KnownIssuers(NAMES, KEYS, Registry(MemoryStore()))
    return Ports(hashed, issuers.key_of, no_list, lambda: datetime.now(UTC))


def by_pyld(document: Document) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": document_loader()}
    quads: str = jsonld.normalize(document, options)
    return quads.encode()


def fingerprint(document: Document) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
