"""How a worker ends: by a failure it says so, acknowledges nothing and can be started again; by a stop in time."""

import asyncio
from typing import Any

from shared.kit.worker import Worker
from shared.testing.counting import counting_worker
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
