from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI

from shared.kit.auth import Caller, Tokens, needs
from shared.kit.http import create_api
from tests.unit.kit.http_kit import client_of, settings_in

TOKENS = Tokens(b"a secret of more than thirty-two bytes")
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


def test_a_scope_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="everything"):
        needs("everything")
