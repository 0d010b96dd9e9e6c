"""The assessment service's worker as it ships: results in, `assessed` and `passed` out."""

from bench.contenders.microcred import fold
from bench.contenders.reader import Reader
from bench.contenders.spec import Run, Spec
from services.assessment.stream import worker
from shared.contracts.topics import CATALOGUE, ENROLLED, Topic
from shared.kit.chunk import commit
from shared.kit.mongo import MongoStore


async def run(spec: Spec) -> Run:
    """Fold offerings and enrolments, which is not measured; then let the engine fold all results."""
    store = MongoStore(spec.mongo_url, spec.database)
    for topic in (CATALOGUE, ENROLLED):
        await _begin(spec, topic, store)
    return await fold(spec, worker, store)


async def _begin(spec: Spec, topic: Topic, store: MongoStore) -> None:
    reader = Reader(spec, topic)
    while not reader.at_end():
        if batches := reader.batches(spec.settings.fetch_records):
            await commit(worker, batches, store)
    reader.close()
