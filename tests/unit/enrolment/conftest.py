from pathlib import Path

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.enrolment.catalogue.routes import router as catalogue
from services.enrolment.errors import STATUSES
from services.enrolment.learners.routes import router as learner_router
from services.enrolment.platform_routes import DECODED, PLATFORM_ROUTERS
from services.enrolment.routes import router
from services.enrolment.settings import Settings
from shared.kit.auth import Tokens
from shared.kit.http import create_api
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.enrolment import facts
from tests.unit.enrolment.platforms import registry as platforms
from tests.unit.enrolment.tokens import SECRET, as_of


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def publisher() -> MemoryPublisher:
    return MemoryPublisher()


@pytest.fixture
def api(store: MemoryStore, publisher: MemoryPublisher, tmp_path: Path) -> FastAPI:
    file = tmp_path / "secret"
    file.write_bytes(SECRET)
    registered = tmp_path / "platforms.json"
    registered.write_bytes(orjson.dumps(platforms.FILE))
    settings = Settings(
        token_secret_file=file, publish_timeout_s=0.05, platforms_file=registered, public_url="http://test"
    )
    routers = (catalogue, router, learner_router, *PLATFORM_ROUTERS)
    api = create_api("enrolment", settings, routers=routers, errors=STATUSES, tokens=Tokens(SECRET), decoded=DECODED)
    api.state.reader, api.state.publisher = store, publisher
    api.state.clock = lambda: facts.at(60)
    return api


@pytest.fixture
def client(api: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=api), base_url="http://test", headers=as_of(facts.TENANT)
    )
