import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from starlette.types import Message, Receive, Scope, Send

from shared.kit.bounds import MAX_BYTES, Bounds
from shared.kit.http import create_api
from tests.unit.kit.http_kit import client_of, settings_in

ROUTES = APIRouter()


@ROUTES.post("/echo")
async def echo(request: Request) -> int:
    return len(await request.body())


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_api("test", settings_in(tmp_path), routers=[ROUTES])


async def post(app: FastAPI, path: str, body: bytes | AsyncIterator[bytes], kind: str = "application/json") -> Any:
    async with client_of(app) as client:
        return await client.post(path, content=body, headers={"Content-Type": kind})


async def chunks(size: int, each: int = 64 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, size, each):
        yield b" " * min(each, size - start)


def refused(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["field"] == "body"
    return str(error["reason"])


async def test_a_body_may_be_as_large_as_the_limit(app: FastAPI) -> None:
    answer = await post(app, "/echo", b" " * MAX_BYTES, "application/octet-stream")
    assert (answer.status_code, answer.json()) == (200, MAX_BYTES)


async def test_an_announced_body_above_the_limit_is_refused(app: FastAPI) -> None:
    answer = await post(app, "/echo", b" " * (MAX_BYTES + 1), "application/octet-stream")
    assert "1048576" in refused(answer, 413)
    assert answer.headers["connection"] == "close"


async def test_a_streamed_body_may_be_as_large_as_the_limit(app: FastAPI) -> None:
    answer = await post(app, "/echo", chunks(MAX_BYTES), "application/octet-stream")
    assert "content-length" not in answer.request.headers
    assert (answer.status_code, answer.json()) == (200, MAX_BYTES)


async def test_a_streamed_body_above_the_limit_is_refused(app: FastAPI) -> None:
    answer = await post(app, "/echo", chunks(MAX_BYTES + 1), "application/octet-stream")
    assert "content-length" not in answer.request.headers
    refused(answer, 413)


async def test_an_announcement_is_believed_without_reading() -> None:
    async def receive() -> Message:
        raise AssertionError("the body was read")

    status, _ = await asgi(Bounds(never), receive, {"content-length": str(MAX_BYTES + 1)})
    assert status == 413


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    status, body = await asgi(Bounds(never, max_seconds=0.01), receive, {})
    assert status == 408
    assert json.loads(body)["errors"][0]["field"] == "body"


async def test_nobody_is_answered_who_has_gone() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    assert await asgi(Bounds(never), receive, {}) == (None, b"")


async def test_the_app_learns_that_the_client_went_away() -> None:
    messages: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"1", "more_body": False}, {"type": "http.disconnect"}]
    )
    seen: list[Message] = []

    async def receive() -> Message:
        return next(messages)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend([await receive(), await receive()])

    await asgi(Bounds(app), receive, {})
    assert [each["type"] for each in seen] == ["http.request", "http.disconnect"]


async def never(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("the request got through")


async def asgi(app: Bounds, receive: Receive, headers: dict[str, str]) -> tuple[int | None, bytes]:
    status: int | None = None
    body = b""

    async def send(message: Message) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "method": "POST", "path": "/", "headers": raw}, receive, send)
    return status, body
