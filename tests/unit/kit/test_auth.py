import base64
import json
import time
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from shared.kit.auth import Caller, TokenRefused, Tokens, needs
from shared.kit.http import create_api
from tests.unit.kit.http_kit import client_of, settings_in

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
        {"iat": int(time.time()) + 600},
        {"nbf": int(time.time()) + 600},
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
    with pytest.raises(ValueError, match="everything"):
        needs("everything")


ROUTES = APIRouter()


@ROUTES.get("/mine")
async def mine(caller: Annotated[Caller, Depends(needs("read"))]) -> str:
    return caller.tenant


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_api("test", settings_in(tmp_path), routers=[ROUTES], tokens=TOKENS)


async def ask(app: FastAPI, authorization: str | None) -> tuple[int, str, Any]:
    headers = {"Authorization": authorization} if authorization is not None else {}
    async with client_of(app) as client:
        answer = await client.get("/mine", headers=headers)
    return answer.status_code, answer.headers.get("www-authenticate", ""), answer.json()


async def test_the_tenant_comes_from_the_token(app: FastAPI) -> None:
    status, _, tenant = await ask(app, f"Bearer {TOKENS.issue('ou', ['read'], 'lms')}")
    assert (status, tenant) == (200, "ou")


@pytest.mark.parametrize("authorization", [None, "", "Basic bG1zOmxtcw==", "Bearer"])
async def test_without_a_token_the_way_in_is_named(app: FastAPI, authorization: str | None) -> None:
    status, challenge, _ = await ask(app, authorization)
    assert (status, challenge) == (401, "Bearer")


async def test_a_bad_token_is_unauthorized(app: FastAPI) -> None:
    status, challenge, problem = await ask(app, f"Bearer {TOKENS.issue('ou', ['read'], 'lms', lifetime=-60)}")
    assert status == 401
    assert challenge.startswith('Bearer error="invalid_token"')
    assert "expired" in problem["detail"]


async def test_a_token_without_the_scope_is_forbidden(app: FastAPI) -> None:
    status, challenge, problem = await ask(app, f"Bearer {TOKENS.issue('ou', ['events:write'], 'lms')}")
    assert status == 403
    assert challenge == 'Bearer error="insufficient_scope", scope="read"'
    assert "read" in problem["detail"]


def test_one_scope_is_one_dependency() -> None:
    assert needs("read") is needs("read")
