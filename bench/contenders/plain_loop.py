"""The same chunk function without Faust: a confluent-kafka consumer in a loop. The difference is Faust's price."""

from bench.contenders.clock import Clock
from bench.contenders.reader import Reader
from bench.contenders.spec import Run, Spec
from bench.grading import grading_worker
from shared.contracts.topics import ASSESSED
from shared.kit.chunk import commit
from shared.kit.mongo import MongoStore
from shared.kit.producer import KafkaPublisher


async def run(spec: Spec) -> Run:
    """Fold all events, chunk by chunk."""
    clock = Clock(spec.events)
    worker = grading_worker()
    store = MongoStore(spec.mongo_url, spec.database)
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    reader = Reader(spec, ASSESSED)
    done = 0
    while done < spec.events:
        if not (batches := reader.batches(spec.settings.fetch_records)):
            continue
        committed = await commit(worker, batches, store)
        await publisher.say(committed.says)
        clock.effect(committed.events)
        done += committed.events
    reader.close()
    await publisher.close()
    await store.close()
    return clock.run
