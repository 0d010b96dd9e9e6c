"""Whatever a stranger writes where proofs, keys and tokens stand, the answer is a report and never an error of ours."""

import base64
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.issuance.checking.verifier import check, check_jwt
from services.issuance.errors import CredentialRefused, KeyUnknown
from services.issuance.keys.jwk import jwk, public_key_of
from services.issuance.keys.multikey import key_of
from services.issuance.proofs.vcjwt import opened
from tests.unit.issuance.proving import ED, P256, RSA, claimed, good_header, ports, proved

texts = st.one_of(
    st.sampled_from(
        ["", "EdDSA", "none", "Ed25519", "P-256", "OKP", "EC", "RSA", "AQAB", "z6Mk", "eddsa-jcs-2022", "#"]
    ),
    st.text(max_size=8),
)
values: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
KEYS = [jwk(signer.public_key) for signer in (ED, P256, RSA)]
members = st.sampled_from(["kty", "crv", "x", "y", "n", "e", "d", "alg", "use", "key_ops", "kid", "x5c"])
headers = st.sampled_from(["alg", "kid", "jwk", "typ", "crit", "b64"])
claims = st.sampled_from([*claimed(), "exp", "iat", "proof", "validUntil", "aud"])
options = st.sampled_from([*proved()["proof"][0], "@context", "id", "expires", "previousProof", "domain", "nonce"])


def altered(value: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in {**value, **changes}.items() if each is not None}


@given(st.sampled_from(KEYS), st.dictionaries(members, values, max_size=3))
def test_keys(key: dict[str, Any], changes: dict[str, Any]) -> None:
    try:
        assert public_key_of(altered(key, changes))
    except KeyUnknown:
        return


@given(st.one_of(texts, values, st.text(st.sampled_from("z6MkDnaey12 \0é"), max_size=120)))
def test_key_names(value: Any) -> None:
    for read in (public_key_of, lambda text: key_of(str(text))):
        try:
            assert read(value)
        except KeyUnknown:
            continue


@given(st.text(st.characters(max_codepoint=0x7F), max_size=40))
def test_tokens(text: str) -> None:
    for given_text in (text, f"{text}.{text}.{text}"):
        try:
            assert opened(given_text).header
        except CredentialRefused:
            continue


@settings(max_examples=150)
@given(st.dictionaries(headers, values, max_size=2), st.dictionaries(claims, values, max_size=2))
async def test_jwts(header: dict[str, Any], payload: dict[str, Any]) -> None:
    parts = (altered(good_header(), header), altered(claimed(), payload))
    content = ".".join(packed(each) for each in parts)
    signature = base64.urlsafe_b64encode(ED.sign(content.encode())).decode().rstrip("=")

    report = await check_jwt(f"{content}.{signature}", ports())

    assert len(report.steps) == 6


@settings(max_examples=300)
@given(st.dictionaries(options, values, min_size=1, max_size=2))
async def test_proofs(changes: dict[str, Any]) -> None:
    document = proved()
    original = document["proof"][0]
    document["proof"] = [altered(original, changes)]

    report = await check(document, ports())

    # An empty list says nothing where a list is allowed at all, and what says nothing is refused.
    assert not report.verified or document["proof"] == [original]


def packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
