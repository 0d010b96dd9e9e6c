"""FastStream on aiokafka in its batch mode: the same fold, one find, one bulk write, the publishes awaited together.

Its default acknowledgement, which commits on receipt: the quickest that it has, and what a crash interrupts is lost.
"""

import asyncio

from faststream.kafka import KafkaBroker

from bench.contenders.clock import Clock
from bench.contenders.folded import Folder
from bench.contenders.spec import Run, Spec
from shared.contracts.topics import ASSESSED, PASSED


async def run(spec: Spec) -> Run:
    """Fold all events."""
    clock = Clock(spec.events)
    folder = Folder(spec)
    # Bytes go to the same decoder as everybody's, so its own casting of types has nothing to add.
    broker = KafkaBroker(spec.bootstrap, logger=None, apply_types=False)
    passed = spec.prefix + PASSED.name

    @broker.subscriber(
        spec.prefix + ASSESSED.name,
        group_id=spec.prefix + spec.database,
        auto_offset_reset="earliest",
        batch=True,
        max_records=spec.settings.fetch_records,
    )
    async def grade(values: list[bytes]) -> None:
        says = await folder.fold(values)
        sent = [await broker.publish(said.encode(), passed, key=said.key.encode(), no_confirm=True) for said in says]
        await asyncio.gather(*sent)
        clock.effect(len(values))

    async with broker:
        await broker.start()
        finished = await clock.all_done()
    folder.close()
    return finished
