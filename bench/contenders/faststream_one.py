"""FastStream on aiokafka as its documentation shows it: a handler for one event, one write awaited, one publish."""

from faststream.kafka import KafkaBroker, KafkaMessage

from bench.contenders.clock import Clock
from bench.contenders.motor_one import Appender
from bench.contenders.spec import Run, Spec
from shared.contracts.assessment import LearnerAssessed
from shared.contracts.envelope import Event
from shared.contracts.topics import ASSESSED, PASSED
from shared.contracts.wire import decode


async def decoded(message: KafkaMessage) -> Event:
    """Return the event: FastStream itself knows `application/json` only."""
    return decode(ASSESSED, message.body)


async def run(spec: Spec) -> Run:
    """Write all events."""
    clock = Clock(spec.events)
    appender = Appender(spec)
    broker = KafkaBroker(spec.bootstrap, logger=None)
    passed = spec.prefix + PASSED.name

    @broker.subscriber(
        spec.prefix + ASSESSED.name,
        group_id=spec.prefix + spec.database,
        auto_offset_reset="earliest",
        decoder=decoded,
    )
    async def grade(event: LearnerAssessed) -> None:
        for said in await appender.append(event):
            await broker.publish(said.encode(), passed, key=said.key.encode())
        clock.effect(1)

    async with broker:
        await broker.start()
        finished = await clock.all_done()
    appender.close()
    return finished
