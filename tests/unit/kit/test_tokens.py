import base64
import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from shared.kit.tokens import LEARNER, Caller, TokenRefused, Tokens

SECRET = b"a secret of more than thirty-two bytes"
OTHER = b"another secret of more than 32 bytes.."
TOKENS = Tokens(SECRET)
HEADER = {"alg": "HS256", "typ": "at+jwt"}


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {
        "iss": "microcred",
        "aud": "microcred",
        "sub": "lms",
        "client_id": "lms",
        "jti": "1",
        "iat": now,
        "exp": now + 60,
        "scope": "read",
        "tenant": "ou",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(header: dict[str, Any], content: dict[str, Any], secret: bytes = SECRET) -> str:
    return jwt.encode(header, content, OctKey.import_key(secret), [header["alg"]], default_type=None)


def unsigned(header: dict[str, Any], content: dict[str, Any]) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, content))
    return ".".join(parts) + "."


def test_a_token_speaks_for_its_caller() -> None:
    token = TOKENS.issue("ou", ["read", "events:write"], "lms", "open-edx")
    assert TOKENS.read(token) == Caller("ou", "lms", frozenset({"read", "events:write"}), "open-edx")


def test_a_token_has_every_claim_of_the_profile() -> None:
    parsed = jwt.decode(TOKENS.issue("ou", ["read"], "lms"), OctKey.import_key(SECRET), ["HS256"])
    assert parsed.header == HEADER
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} <= set(parsed.claims)


def test_hand_made_claims_are_good_to_begin_with() -> None:
    assert TOKENS.read(signed(HEADER, claims())).tenant == "ou"


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "client_id", "jti", "iat", "exp", "scope", "tenant"])
def test_a_missing_claim_is_refused_by_name(name: str) -> None:
    with pytest.raises(TokenRefused, match=name):
        TOKENS.read(signed(HEADER, claims(**{name: None})))


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60},
        # Far ahead: they are made when the tests are collected, which may be long before.
        {"iat": int(time.time()) + 86_400},
        {"nbf": int(time.time()) + 86_400},
        {"exp": "tomorrow"},
        {"iss": "somebody"},
        {"aud": "something-else"},
        {"tenant": "../ou"},
        {"tenant": ["ou"]},
        {"scope": ["read"]},
        {"client_id": ""},
        {"platform": "with space"},
    ],
    ids=str,
)
def test_a_claim_out_of_its_bounds_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        TOKENS.read(signed(HEADER, claims(**changes)))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "HS256"},
        {"alg": "HS256", "typ": "JWT"},
        {"alg": "HS512", "typ": "at+jwt"},
        {**HEADER, "jwk": {"kty": "oct", "k": "AAAA"}},
        {**HEADER, "kid": "1"},
    ],
    ids=str,
)
def test_a_header_that_we_do_not_write_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        TOKENS.read(signed(header, claims()))


def test_a_critical_extension_is_refused() -> None:
    header, content, signature = signed(HEADER, claims()).split(".")
    forged = unsigned({**HEADER, "crit": ["x"], "x": 1}, {}).split(".")[0]
    assert forged != header
    with pytest.raises(TokenRefused):
        TOKENS.read(f"{forged}.{content}.{signature}")


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS256"])
def test_an_unsigned_token_is_refused(alg: str) -> None:
    with pytest.raises(TokenRefused):
        TOKENS.read(unsigned({"alg": alg, "typ": "at+jwt"}, claims()))


def test_another_key_is_refused() -> None:
    with pytest.raises(TokenRefused):
        TOKENS.read(signed(HEADER, claims(), OTHER))
    with pytest.raises(TokenRefused):
        TOKENS.read(Tokens(OTHER).issue("ou", ["read"], "lms"))


def test_another_kind_of_key_is_refused() -> None:
    token = jwt.encode({"alg": "RS256", "typ": "at+jwt"}, claims(), RSAKey.generate_key(2048), ["RS256"])
    with pytest.raises(TokenRefused):
        TOKENS.read(token)


def test_changed_content_is_refused() -> None:
    header, _, signature = signed(HEADER, claims()).split(".")
    content = unsigned({}, claims(tenant="other")).split(".")[1]
    with pytest.raises(TokenRefused):
        TOKENS.read(f"{header}.{content}.{signature}")


@pytest.mark.parametrize("text", ["", "x", "..", "a.b", "a.b.c", "é.é.é", "a" * 200_000, "a.b.c.d.e"], ids=repr)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        TOKENS.read(text)


@pytest.mark.parametrize(
    "header",
    [None, 7, [], ["alg"], "alg", {"alg": []}, {"alg": "HS256", "crit": 7}, {"alg": "HS256", "crit": [None]}],
    ids=repr,
)
def test_a_header_that_is_no_header_is_refused(header: Any) -> None:
    with pytest.raises(TokenRefused):
        TOKENS.read(unsigned(header, {}) + "AA")


def test_a_learners_own_token_names_the_learner() -> None:
    token = TOKENS.issue("ou", LEARNER, "wallet", learner_ref="learner-1")

    assert TOKENS.read(token) == Caller("ou", "wallet", LEARNER, learner_ref="learner-1")
    with pytest.raises(ValueError, match="learner"):
        TOKENS.issue("ou", LEARNER, "wallet", learner_ref="ada@example.org")


def test_an_expired_token_is_refused() -> None:
    with pytest.raises(TokenRefused, match="expired"):
        TOKENS.read(TOKENS.issue("ou", ["read"], "lms", lifetime=-60))


def test_typ_may_be_written_in_full_and_in_capitals() -> None:
    assert TOKENS.read(signed({"alg": "HS256", "typ": "application/AT+JWT"}, claims())).client_id == "lms"


def test_bad_orders_for_tokens_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        Tokens(b"short")
    with pytest.raises(ValueError, match="everything"):
        TOKENS.issue("ou", ["everything"], "lms")
    with pytest.raises(ValueError, match="tenant"):
        TOKENS.issue("Not A Label", ["read"], "lms")
