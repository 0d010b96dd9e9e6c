"""Proofs of every kind, made, checked, and made wrong in every way that matters."""

import base64
import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from services.issuance.canonical import hash_of
from services.issuance.contexts import CREDENTIALS_V2
from services.issuance.errors import KeyUnknown
from services.issuance.jwk import fragment_of, jwk, public_key_of
from services.issuance.multikey import did_key, key_of, multikey
from services.issuance.proof import with_proof
from services.issuance.report import Outcome, Report
from services.issuance.signer import KeySigner
from services.issuance.suites import ECDSA_RDFC, EDDSA_JCS, EDDSA_RDFC, Suite
from services.issuance.vcjwt import signed_jwt
from services.issuance.verifier import Ports, check, check_jwt
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


@suites
async def test_a_proof_of_each_suite_holds_until_anything_changes(suite: Suite, signer: KeySigner) -> None:
    document = proved(suite, signer)
    changed = copy.deepcopy(document)
    changed["credentialSubject"]["achievement"]["criteria"]["narrative"] = "Weave two."
    later = copy.deepcopy(document)
    later["proof"][0]["created"] = "2026-03-02T09:30:01Z"

    assert await verdict(document) == (
        "proof passed",
        f"Nothing in it was changed since its issuer signed it ({suite.name}).",
    )
    assert (await verdict(changed))[0] == (await verdict(later))[0] == "proof failed"


@suites
async def test_the_same_content_is_signed_alike_every_time(suite: Suite, signer: KeySigner) -> None:
    assert proved(suite, signer) == proved(suite, signer)


@suites
async def test_a_member_that_no_context_defines_is_refused(suite: Suite, signer: KeySigner) -> None:
    document = {**proved(suite, signer), "unheard": "x"}

    assert await verdict(document) == (
        "format failed",
        (
            "This is not a credential that can be checked: unheard: "
            "is not a term of the document's contexts, so no signature covers it."
        ),
    )


async def test_each_proof_of_a_set_must_hold_if_it_is_the_issuers() -> None:
    both = proved(EDDSA_JCS, document=proved(ECDSA_RDFC, P256))
    broken = copy.deepcopy(both)
    broken["proof"][1]["created"] = "2026-03-02T09:30:01Z"

    assert (await verdict(both))[1].endswith("(ecdsa-rdfc-2019, eddsa-jcs-2022).")
    assert (await verdict(broken))[0] == "proof failed"


async def test_what_others_prove_or_nobody_knows_takes_nothing_from_the_issuers_word() -> None:
    document = proved()
    others = [
        {**document["proof"][0], "verificationMethod": "did:web:other.example#key"},
        {**document["proof"][0], "proofPurpose": "authentication"},
        {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023", "proofValue": "u"},
    ]

    assert (await verdict({**document, "proof": [*others, *document["proof"]]}))[0] == "proof passed"
    for other in others:
        assert (await verdict({**document, "proof": other}))[0] == "proof failed"


@pytest.mark.parametrize("proof", ["text", [[]], [{}] * 9], ids=["text", "list", "nine"])
async def test_what_is_no_proof_is_refused(proof: Any) -> None:
    assert (await verdict({**badge(), "proof": proof}))[0] == "format failed"


async def test_a_suite_takes_no_key_of_another_algorithm() -> None:
    document = proved()
    document["proof"][0]["verificationMethod"] = method(P256)
    other = {**proved()["proof"][0], "cryptosuite": "ecdsa-rdfc-2019"}
    value = with_proof(badge(), ED, created=CREATED, method=method(ED), suite=ECDSA_RDFC)["proof"]

    assert (await verdict(document))[0] == "proof failed"
    assert (await verdict({**badge(), "proof": other}))[0] == "proof failed"
    assert (await verdict({**badge(), "proof": value}))[0] == "proof failed"


async def test_a_proof_must_not_bring_contexts_of_its_own() -> None:
    for suite in (EDDSA_RDFC, EDDSA_JCS):
        document = proved(suite)
        document["proof"][0]["@context"] = [CREDENTIALS_V2]
        assert (await verdict(document))[1].endswith("proof.@context: differs from the document's.")


@signers
async def test_a_jwt_of_each_algorithm_holds_until_anything_changes(signer: KeySigner) -> None:
    text = signed_jwt(badge(validUntil="2027-03-02T09:30:00Z"), signer, method(signer))
    header, payload, signature = text.split(".")
    changed = orjson.loads(unpacked(payload))
    changed["name"] = "Surgery"

    assert await verdict(text) == ("proof passed", "Nothing in it was changed since its issuer signed it (VC-JWT).")
    assert (await verdict(f"{header}.{packed(changed)}.{signature}"))[0] == "proof failed"
    assert text == signed_jwt(badge(validUntil="2027-03-02T09:30:00Z"), signer, method(signer))


def test_a_jwt_says_what_open_badges_asks_for() -> None:
    header, payload, _ = signed_jwt(badge(), RSA, method(RSA)).split(".")

    assert orjson.loads(unpacked(header)) == {"alg": "RS256", "kid": method(RSA), "typ": "JWT"}
    assert orjson.loads(unpacked(payload)) == {
        **badge(),
        "iss": WEB,
        "jti": badge()["id"],
        "nbf": 1772443800,
        "sub": badge()["credentialSubject"]["id"],
    }


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"alg": "none"}, "header.alg: is none of"),
        ({"alg": "HS256"}, "header.alg: is none of"),
        ({"alg": ["EdDSA"]}, "header.alg: is none of"),
        ({"crit": ["exp"]}, "header: may hold alg, kid, jwk and typ only, not crit"),
        ({"jku": "https://evil.example"}, "not jku"),
        ({"typ": "at+jwt"}, "header.typ: is not JWT"),
        ({"kid": None}, "names no key"),
        ({"kid": 5}, "names no key"),
        ({"alg": "RS256"}, "somebody else than its issuer"),
        ({"kid": method(P256)}, "somebody else than its issuer"),
        ({"kid": method(ED), "jwk": jwk(P256.public_key)}, "somebody else than its issuer"),
        ({"kid": "did:web:other.example#key"}, "without the issuer's key"),
        (
            {"kid": None, "jwk": jwk(KeySigner(derive_private_key(8, SECP256R1())).public_key)},
            "without the issuer's key",
        ),
        ({"jwk": {**jwk(ED.public_key), "d": "AA"}}, "more than a public key"),
        ({"jwk": {"kty": "oct", "k": "AA"}}, "more than a public key"),
        ({"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, "its JWK is no key"),
    ],
)
async def test_a_header_that_breaks_the_rules_is_refused(header: Document, words: str) -> None:
    given = {name: value for name, value in {**good_header(), **header}.items() if value is not None}

    outcome, said = await verdict(resigned(given, claimed()))

    assert not outcome.endswith("passed")
    assert words in said


@pytest.mark.parametrize("kid", [method(ED), method(ED).removeprefix(WEB), None])
async def test_a_key_may_be_named_in_full_in_short_or_carried(kid: str | None) -> None:
    header = {"alg": "EdDSA", "kid": kid} if kid else {"alg": "Ed25519", "jwk": jwk(ED.public_key)}

    assert (await verdict(resigned(header, claimed())))[0] == "proof passed"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "did:web:other.example"}, "something else than the credential: iss"),
        ({"jti": "urn:x"}, "jti"),
        ({"sub": "urn:x"}, "sub"),
        ({"sub": None}, "sub"),
        ({"nbf": 1}, "nbf"),
        ({"nbf": True}, "nbf"),
        ({"exp": 1900000000}, "exp"),
        ({"unheard": 1}, "unheard: is not a term"),
    ],
)
async def test_claims_must_repeat_the_credential(claims: Document, words: str) -> None:
    given = {name: value for name, value in {**claimed(), **claims}.items() if value is not None}

    outcome, said = await verdict(resigned(good_header(), given))

    assert outcome in {"proof failed", "format failed"}
    assert words in said


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "e30.e30.e30", "!.!.!", "e30=.e30.", "x" * 300_000])
async def test_what_is_no_jwt_is_refused(text: str) -> None:
    assert (await verdict(text))[0] == "format failed"


async def test_a_proof_inside_of_a_jwt_must_hold_too() -> None:
    inside = proved()
    assert (await verdict(signed_jwt(inside, RSA, method(RSA))))[1].endswith("(VC-JWT, eddsa-rdfc-2022).")

    inside["proof"][0]["created"] = "2026-03-02T09:30:01Z"
    assert (await verdict(signed_jwt(inside, RSA, method(RSA))))[0] == "proof failed"


@pytest.mark.parametrize("make", [lambda key: key_of(multikey(key)), lambda key: public_key_of(jwk(key))])
@pytest.mark.parametrize("signer", [ED, P256, P384])
def test_keys_survive_being_written_down(signer: KeySigner, make: Callable[[bytes], bytes]) -> None:
    assert make(signer.public_key) == signer.public_key


def test_an_rsa_key_is_named_by_its_thumbprint() -> None:
    assert public_key_of(jwk(RSA.public_key)) == RSA.public_key
    assert len(fragment_of(RSA.public_key)) == 43
    with pytest.raises(KeyUnknown, match="thumbprint"):
        did_key(RSA.public_key)


def test_a_signer_signs_what_its_algorithm_can() -> None:
    with pytest.raises(KeyUnknown, match="or make a JWT"):
        with_proof(badge(), RSA, created=CREATED, method=method(RSA))
    with pytest.raises(KeyUnknown, match="no JWT is signed with P-384"):
        signed_jwt(badge(), P384, method(P384))


def good_header() -> Document:
    return {"alg": "EdDSA", "kid": method(ED), "typ": "JWT"}


def claimed() -> Document:
    """Return a good payload."""
    payload: Document = orjson.loads(unpacked(signed_jwt(badge(), ED, method(ED)).split(".")[1]))
    return payload


def resigned(header: Document, payload: Document) -> str:
    """Return a JWT with any header and payload, truly signed with the Ed25519 key."""
    content = f"{packed(header)}.{packed(payload)}"
    return f"{content}.{base64.urlsafe_b64encode(ED.sign(content.encode())).decode().rstrip('=')}"


def packed(value: Document) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
