"""Ports behind which the real thing and its in-memory twin stand in turn."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import MongoClient

from shared.kit.generations import GENERATION, Generations
from shared.kit.ledger import LEDGER
from shared.kit.mongo import MongoStore
from shared.kit.store import Store, Unit, WholeStore
from shared.testing.memory import MemoryStore
from shared.testing.servers import Servers
from tests.integration.kit.rig import SESSION_S, Rig


@pytest.fixture
def embedded(servers: Servers) -> bool:
    """Whether the broker is the embedded one, which cannot do all that Apache Kafka can."""
    return servers.broker_name.startswith("Tansu")


@pytest.fixture(params=["mongo", "memory"])
async def whole_store(request: pytest.FixtureRequest, fresh_name: str) -> AsyncIterator[WholeStore]:
    """A store with nothing in it."""
    if request.param == "memory":
        yield MemoryStore()
        return
    url = request.getfixturevalue("mongo_url")
    mongo = MongoStore(url, fresh_name, patience_s=20)
    yield mongo
    await mongo.close()
    with MongoClient[dict[str, Any]](url) as client:
        client.drop_database(fresh_name)


@pytest.fixture(params=["plain", "generation 3"])
async def store(request: pytest.FixtureRequest, whole_store: WholeStore) -> Store:
    """The same, and the same again where another generation than the first is the live one."""
    if request.param == "plain":
        return whole_store
    document = {"_id": GENERATION, "current": {"people": 3}}

    async def point(unit: Unit) -> None:
        await unit.write(LEDGER, [document], ())

    await whole_store.transact(point)
    return Generations(whole_store)


@pytest.fixture
def session_s(*, embedded: bool) -> float:
    """The shortest session that the broker takes: the embedded one makes each group that restarts wait for it twice."""
    return 2 if embedded else SESSION_S


@pytest.fixture
async def rig(bootstrap: str, mongo_url: str, fresh_name: str, session_s: float) -> AsyncIterator[Rig]:
    """An installation of its own."""
    async with Rig(bootstrap, mongo_url, fresh_name, session_s=session_s) as made:
        yield made
