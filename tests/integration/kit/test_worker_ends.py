"""How a worker ends: by a failure it says so, acknowledges nothing and can be started again; by a stop in time."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from shared.kit.worker import Worker
from shared.testing.counting import counting_worker
from tests.integration.kit.process import running
from tests.integration.kit.rig import Rig


async def test_a_part_of_faust_that_dies_ends_the_worker(rig: Rig):
    engine = await rig.start(rig.engine())
    await engine._app.consumer.crash(RuntimeError("a bug in there"))
    error = await asyncio.wait_for(engine.wait_failed(), 2)
    assert str(error) == "a bug in there"


async def test_a_broken_handler_ends_the_worker_and_after_a_restart_nothing_is_missing(rig: Rig):
    def breaking(count: Any, event: Any) -> Any:
        raise ZeroDivisionError(event.id)

    worker = Worker("assessment")
    binding = counting_worker().bindings[0]
    worker.hears(binding.topic, binding.model, dict.fromkeys(binding.handlers, breaking), key=binding.key)
    await rig.publish(300)
    async with rig.running(worker) as broken:
        error = await asyncio.wait_for(broken.wait_failed(), 10)
        assert isinstance(error, ZeroDivisionError)
        await asyncio.sleep(1)
        assert set((await rig.committed()).values()) == {None}
        assert set((await rig.ledger()).values()) <= {0}
    await rig.start(rig.engine())
    await rig.read_up()
    assert await rig.counted() == (300, 0)


async def test_a_stop_that_finds_a_chunk_without_end_gives_up_in_time_and_says_so(rig: Rig, tmp_path: Path):
    command = [sys.executable, "-m", "tests.integration.kit.stuck_service", "--role", "worker"]
    settings = {
        "kafka_bootstrap": rig.bootstrap,
        "mongo_url": rig.mongo_url,
        "topic_prefix": rig.prefix,
        "database_prefix": rig.name,
        "session_timeout_s": 6,
        "stop_timeout_s": 2,
    }
    await rig.publish(10)
    with running(command, tmp_path, **settings) as stuck:
        await asyncio.to_thread(stuck.saw, "chunk.came")
        began = time.monotonic()
        assert await asyncio.to_thread(stuck.end) == 1
        assert time.monotonic() - began < 20
        assert stuck.saw("service.stopped")["in_time"] is False
    with MongoClient[dict[str, Any]](rig.mongo_url) as client:
        client.drop_database(f"{rig.name}stuck")
