"""The bridge as it ships: a platform's records in, canonical events out."""

from pathlib import Path

from bench.avro_topic import offering, settings_of
from bench.contenders.microcred import measured
from bench.contenders.spec import Run, Spec
from services.enrolment.bridge.worker import bridge_worker
from services.enrolment.store import OFFERINGS
from shared.kit.mongo import MongoStore


async def run(spec: Spec) -> Run:
    """Lay the offering down, which is not measured; then let the engine translate all records."""
    store = MongoStore(spec.mongo_url, spec.database)
    await store.prepare({OFFERINGS.collection: OFFERINGS.indexes})
    await store.transact(lambda unit: unit.write(OFFERINGS.collection, [offering()], ()))
    settings = settings_of(
        spec.prefix,
        Path(spec.secret),
        kafka_bootstrap=spec.bootstrap,
        mongo_url=spec.mongo_url,
        topic_prefix=spec.prefix,
    )
    return await measured(spec, bridge_worker(settings, store), store, settings)
