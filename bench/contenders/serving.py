"""The engine as every service runs it, until it is told to stop."""

import asyncio
import signal

from bench.contenders.spec import Run, Spec
from bench.grading import grading_worker
from shared.kit.engine import Engine
from shared.kit.mongo import MongoStore
from shared.kit.producer import KafkaPublisher


async def run(spec: Spec) -> Run:
    """Fold what comes; raises what ended the engine if something did."""
    store = MongoStore(spec.mongo_url, spec.database)
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    engine = Engine(grading_worker(), spec.settings, store, publisher)
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await engine.start()
    stopped, failed = asyncio.create_task(told.wait()), asyncio.create_task(engine.wait_failed())
    await asyncio.wait({stopped, failed}, return_when=asyncio.FIRST_COMPLETED)
    if failed.done():
        raise failed.result()
    await engine.stop()
    await publisher.close()
    await store.close()
    return Run(())
