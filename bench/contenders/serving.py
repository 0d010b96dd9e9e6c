"""The engine as every service runs it, until it is told to stop."""

import asyncio
import signal

import uvloop

from bench.contenders.microcred import beside
from bench.contenders.spec import Run, Spec
from bench.grading import grading_worker
from shared.kit.apart import Apart
from shared.kit.engine import Engine
from shared.kit.mongo import MongoStore
from shared.kit.producer import KafkaPublisher
from shared.kit.worker import Worker


def run(spec: Spec) -> Run:
    """Fold what comes; raises what ended the engine if something did."""
    worker = grading_worker()
    apart = beside(spec, worker, spec.settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve(spec, worker, apart))


async def _serve(spec: Spec, worker: Worker, apart: Apart | None) -> Run:
    store = MongoStore(spec.mongo_url, spec.database)
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    engine = Engine(worker, spec.settings, store, publisher, apart)
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await engine.start()
    stopped, failed = asyncio.create_task(told.wait()), asyncio.create_task(engine.wait_failed())
    await asyncio.wait({stopped, failed}, return_when=asyncio.FIRST_COMPLETED)
    if failed.done():
        raise failed.result()
    await engine.stop()
    if apart is not None:
        await apart.close()
    await publisher.close()
    await store.close()
    return Run(())
