"""Pages of any origin on the paths that are open to them, and on no other."""

import re
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI

from shared.kit.http import create_api
from tests.unit.kit.http_kit import client_of, settings_in

ROUTES = APIRouter()
ASKS = {"Origin": "https://wallet.example", "Access-Control-Request-Method": "POST"}
OPEN, CLOSED = "/open/things", "/closed"


@ROUTES.get(OPEN)
@ROUTES.post(OPEN)
@ROUTES.get(CLOSED)
async def things() -> dict[str, str]:
    return {"it": "works"}


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_api("test", settings_in(tmp_path), routers=[ROUTES], any_origin=re.compile("/open/"))


async def test_a_browser_that_asks_first_is_told_what_it_may_send(app: FastAPI) -> None:
    async with client_of(app) as http:
        answer = await http.options(OPEN, headers={**ASKS, "Access-Control-Request-Headers": "authorization,dpop"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "*"
    assert int(answer.headers["access-control-max-age"]) > 0
    # The wildcard means every header but this one (Fetch Standard, section 3.3.3).
    assert answer.headers["access-control-allow-headers"] == "Authorization, *"


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", OPEN, b"", 200),
        ("GET", "/open/nothing", b"", 404),
        ("PUT", OPEN, b"", 405),
        ("OPTIONS", OPEN, b"", 405),
        ("POST", OPEN, b"{", 400),
        ("POST", OPEN, b" " * 1_100_000, 413),
    ],
)
async def test_pages_may_read_every_answer_and_send_no_cookies(
    app: FastAPI, method: str, path: str, content: bytes, status: int
) -> None:
    async with client_of(app) as http:
        answer = await http.request(method, path, content=content)

    assert answer.status_code == status
    # Whoever asks: a cache that was asked by a program may hand its answer to a page.
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "x-request-id" in answer.headers


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("OPTIONS", 405)])
async def test_other_paths_stay_closed(app: FastAPI, method: str, status: int) -> None:
    async with client_of(app) as http:
        answer = await http.request(method, CLOSED, headers=ASKS)

    assert answer.status_code == status
    assert not [name for name in answer.headers if name.startswith("access-control")]
