"""What an erasure does not reach: a sealed letter about a record that nobody could read, for thirty days."""

import httpx
from fastapi import FastAPI

from services.enrolment.door.opening import door_of
from shared.contracts.topics import ENROLMENT_BRIDGE, Topic
from shared.kit.chores import forget
from shared.kit.chunk import commit
from shared.kit.foreign import FOREIGN_LETTERS
from shared.kit.ledger import Batch
from shared.kit.worker import Worker
from shared.testing.openedx import record
from tests.unit.enrolment.bus import Bus, on_topic, with_header
from tests.unit.enrolment.openedx.signals import CREATED
from tests.unit.enrolment.tokens import as_of

THEIRS = Topic("learning-x", "theirs", (), "openedx", ("enrolment",))
DAY_S = 86_400.0


async def test_a_sealed_letter_outlives_an_erasure_unreadable_and_for_thirty_days(
    api: FastAPI, client: httpx.AsyncClient
) -> None:
    bus = Bus()
    api.state.reader = bus.store
    worker = Worker("enrolment", named=ENROLMENT_BRIDGE.name, obeys=ENROLMENT_BRIDGE)
    worker.translates(THEIRS, bus.codec)
    unreadable = on_topic(with_header(record(CREATED), "ce_time"))
    await commit(worker, [Batch(THEIRS.name, "theirs", 0, 0, [unreadable])], bus.store)
    await door_of(api).vault.keep("ou", {bus.learner(): {"name": "Aroha T 4711"}})
    (sealed,) = bus.store.collections[FOREIGN_LETTERS].values()

    erased = await client.delete(f"/v1/learners/{bus.learner()}", headers=as_of("ou", "learners:write"))

    assert erased.json() == {"erased": [bus.learner()]}
    (kept,) = bus.store.collections[FOREIGN_LETTERS].values()
    assert kept == sealed, "nobody knows whose it is"
    assert b"roha" in (unreadable.value or b"")
    assert b"roha" not in repr(kept).encode()
    failed_s, kept_s = kept["first_failed"] / 1000, api.state.settings.foreign_letters_days * DAY_S
    assert kept_s == 30 * DAY_S
    for now_s, forgotten in ((failed_s + kept_s - 1, 0), (failed_s + kept_s + 1, 1)):
        assert await forget(bus.store, FOREIGN_LETTERS, now_s - kept_s) == forgotten
    (kept,) = bus.store.collections[FOREIGN_LETTERS].values()
    assert kept["value"] is None
