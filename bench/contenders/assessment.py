"""The assessment service's worker as it ships: results in, `assessed` and `passed` out."""

from bench.contenders.microcred import begin, fold
from bench.contenders.spec import Run, Spec
from services.assessment.stream import worker
from shared.contracts.topics import CATALOGUE, ENROLLED
from shared.kit.mongo import MongoStore


async def run(spec: Spec) -> Run:
    """Fold offerings and enrolments, which is not measured; then let the engine fold all results."""
    store = MongoStore(spec.mongo_url, spec.database)
    for topic in (CATALOGUE, ENROLLED):
        await begin(spec, topic, worker, store)
    return await fold(spec, worker, store)
