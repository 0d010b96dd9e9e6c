"""The whole service over HTTP, as main.py puts it together, on a database in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from services.analytics.main import service
from services.analytics.settings import Settings
from shared.kit.http import create_api
from shared.kit.secret import ensure_secret
from shared.kit.store import Reader
from shared.testing.memory import MemoryStore


def counter(offering: str, month: str, partition: int = 0, tenant: str = "ou", **stages: int) -> dict[str, Any]:
    """Return a counter document as the kit keeps it."""
    names = {"tenant": tenant, "offering": offering, "month": month, "partition": partition}
    return {"_id": f"{tenant}|{offering}|{month}|{partition}", **names, **stages}


def a_store() -> MemoryStore:
    """Return a database with two offerings of one institution and one of another."""
    store = MemoryStore()
    store.put("offerings", {"_id": "ou/law", "tenant": "ou", "offering": "law", "title": "Law & <order>"})
    store.put("offerings", {"_id": "other/secret", "tenant": "other", "offering": "secret", "title": "Secret title"})
    store.put("funnel", counter("law", "2026-01", 0, enrolled=30, assessed=20, passed=10, issued=9, left=5))
    store.put("funnel", counter("law", "2026-02", 3, enrolled=10, assessed=10))
    store.put("funnel", counter("art", "2026-02", 1, enrolled=8, assessed=4, passed=4, issued=4))
    store.put("funnel", counter("secret", "2026-01", 1, tenant="other", enrolled=918273))
    return store


async def an_app(reader: Reader, folder: Path, **settings: Any) -> FastAPI:
    """Return the service's app, ready for requests; set `state.stopping` when done."""
    whole = service(Settings(token_secret_file=ensure_secret(folder / "secret"), **settings))
    app = create_api(whole.title, whole.settings, routers=whole.routers, errors=whole.errors)
    app.state.reader = reader
    app.state.stopping = asyncio.Event()
    assert whole.on_start is not None
    await whole.on_start(app)
    return app


def a_token(app: FastAPI, *scopes: str, tenant: str = "ou", lifetime: float = 3600) -> str:
    """Return a token of an institution, by default one that may read."""
    token: str = app.state.tokens.issue(tenant, scopes or ("read",), "test", lifetime=lifetime)
    return token


@asynccontextmanager
async def a_client(app: FastAPI, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client that speaks to the app, and stop the app's streams after it."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://analytics", headers=headers) as client:
        yield client
    app.state.stopping.set()
    await app.state.live_end
