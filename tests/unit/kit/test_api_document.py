"""Whoever asks what the API is keeps nobody else waiting."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

from shared.kit.http import create_api
from tests.unit.kit.http_kit import client_of, settings_in

ROUTES = APIRouter()
PATIENCE_S = 10


@ROUTES.get("/results")
async def results() -> list[str]:
    return []


class Slow:
    """An app whose document takes as long as the test says."""

    def __init__(self, app: FastAPI) -> None:
        self.begun, self.let, self.made = threading.Event(), threading.Event(), 0
        self._make = app.openapi
        app.openapi = self.openapi  # type: ignore[method-assign] # as FastAPI tells to

    def openapi(self) -> dict[str, Any]:
        self.made += 1
        self.begun.set()
        assert self.let.wait(PATIENCE_S), "nothing else was answered meanwhile"
        return self._make()


async def asked(client: httpx.AsyncClient, slow: Slow) -> "asyncio.Task[httpx.Response]":
    task = asyncio.create_task(client.get("/openapi.json"))
    assert await asyncio.to_thread(slow.begun.wait, PATIENCE_S)
    return task


async def test_others_are_answered_while_the_document_is_made(tmp_path: Path) -> None:
    app = create_api("test", settings_in(tmp_path), routers=[ROUTES])
    slow = Slow(app)
    async with client_of(app) as client:
        task = await asked(client, slow)
        assert (await client.get("/results")).json() == []
        assert not task.done()
        slow.let.set()
        assert "/results" in (await task).json()["paths"]


async def test_it_is_made_once_for_all_who_ask(tmp_path: Path) -> None:
    app = create_api("test", settings_in(tmp_path), routers=[ROUTES])
    slow = Slow(app)
    async with client_of(app) as client:
        first = await asked(client, slow)
        second = asyncio.create_task(client.get("/openapi.json"))
        await client.get("/results")
        slow.let.set()
        assert (await first).content == (await second).content == (await client.get("/openapi.json")).content
    assert slow.made == 1


async def test_no_page_fetches_scripts_from_elsewhere(tmp_path: Path) -> None:
    async with client_of(create_api("test", settings_in(tmp_path), routers=[ROUTES])) as client:
        assert [(await client.get(path)).status_code for path in ("/docs", "/redoc")] == [404, 404]
