"""What a dead worker left open is ended by whoever takes its partitions over, however long the database would wait."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from shared.kit.mongo import MongoStore
from tests.integration.kit.process import running
from tests.integration.kit.rig import Rig, until

LIFETIME = "transactionLifetimeLimitSeconds"
MINUTE = 60
"""MongoDB's own default."""


@pytest.fixture
def patient_url(mongo_url: str) -> Iterator[str]:
    """A database that ends open transactions as late as it does where nobody has set anything."""
    with MongoClient[dict[str, Any]](mongo_url) as client:
        before = client.admin.command({"getParameter": 1, LIFETIME: 1})[LIFETIME]
        client.admin.command({"setParameter": 1, LIFETIME: MINUTE})
        yield mongo_url
        client.admin.command({"setParameter": 1, LIFETIME: before})


async def test_a_killed_workers_open_transaction_is_ended_and_not_waited_for(
    rig: Rig, patient_url: str, tmp_path: Path, session_s: float
):
    command = [sys.executable, "-m", "tests.integration.kit.stuck_service", "--role", "worker"]
    settings = {
        "kafka_bootstrap": rig.bootstrap,
        "mongo_url": patient_url,
        "topic_prefix": rig.prefix,
        "database_prefix": rig.name,
        "session_timeout_s": session_s,
        "stuck": "written",
    }
    store = MongoStore(patient_url, f"{rig.name}stuck", patience_s=MINUTE)
    await rig.publish(100)
    with running(command, tmp_path, **settings) as stuck:
        await asyncio.to_thread(stuck.saw, "chunk.came")
        stuck.process.kill()
        await rig.start(rig.engine(store=store))

        async def served() -> bool:
            return sum(int(each["events"]) for each in await store.find("counts", {})) == 100

        # How soon exactly is a line of `make chaos`; here, that nobody waited for the database.
        await until(served, MINUTE / 2, "the dead worker's partitions are not served")
    await store.close()
    with MongoClient[dict[str, Any]](patient_url) as client:
        client.drop_database(f"{rig.name}stuck")
