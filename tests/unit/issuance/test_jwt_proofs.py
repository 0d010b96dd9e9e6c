"""Credentials as JWT, made, checked, and made wrong in every way that matters; keys in writing."""

from collections.abc import Callable

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from services.issuance.errors import KeyUnknown
from services.issuance.keys.jwk import fragment_of, jwk, public_key_of
from services.issuance.keys.multikey import did_key, key_of, multikey
from services.issuance.keys.signer import KeySigner
from services.issuance.proofs.proof import with_proof
from services.issuance.proofs.vcjwt import signed_jwt
from tests.unit.issuance.proving import (
    CREATED,
    ED,
    P256,
    P384,
    RSA,
    WEB,
    Document,
    badge,
    claimed,
    good_header,
    method,
    packed,
    proved,
    resigned,
    signers,
    unpacked,
    verdict,
)


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
