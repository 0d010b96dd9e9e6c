"""The worker's table, folded chunk by chunk as in production, over a store in memory."""

from collections.abc import Sequence

import orjson

from services.issuance.credential import Names
from services.issuance.store import Registry
from services.issuance.stream import worker_for
from shared.contracts.envelope import Event
from shared.contracts.issuance import CredentialIssued, CredentialRevoked
from shared.contracts.topics import CATALOGUE, ISSUANCE_FANOUT, ISSUED, PASSED, Topic
from shared.contracts.wire import decode
from shared.kit.bindings import Place
from shared.kit.chunk import Committed, commit
from shared.kit.ledger import Batch, Record
from shared.kit.sweeper import Sweeper
from shared.kit.worker import Worker
from shared.testing.memory import MemoryPublisher, MemoryStore
from tests.unit.issuance.builders import KEYS, NAMES, ORDER, passed, published, withdrawn

WORKER = worker_for(KEYS, NAMES, ORDER)
KEY = "ou/learner-1/AAA/2014J"


def batch(topic: Topic, offset: int, *values: bytes) -> Batch:
    records = [Record(offset + number, 1_900_000_000_000, None, value) for number, value in enumerate(values)]
    return Batch(topic.name, f"id-{topic.name}", 4, offset, records)


async def fold(store: MemoryStore, topic: Topic, offset: int, *events: Event, worker: Worker = WORKER) -> Committed:
    return await commit(worker, [batch(topic, offset, *(event.encode() for event in events))], store)


def said(committed: Committed) -> Sequence[Event]:
    return [decode(ISSUED, each.value, each.headers) for each in committed.says]


async def test_a_pass_becomes_a_credential_and_its_withdrawal_revokes_it() -> None:
    store = MemoryStore()
    await fold(store, CATALOGUE, 0, published())

    [issued] = said(await fold(store, PASSED, 0, passed()))
    [revoked] = said(await fold(store, PASSED, 1, withdrawn()))

    assert isinstance(issued, CredentialIssued)
    assert isinstance(revoked, CredentialRevoked)
    assert issued.time == passed().time
    assert (issued.tenant, issued.learner_ref, issued.platform) == ("ou", "learner-1", "moodle")
    assert issued.data.credential_id == revoked.data.credential_id
    entry = ORDER.entry("ou", Place("id-passed", 4, 0), passed().time)
    assert (issued.data.status_list, issued.data.status_index) == (entry.status_list, entry.index)
    listed = await Registry(store).listed(issued.data.status_list, "revocation")
    assert listed.indexes == (issued.data.status_index,)


async def test_the_same_pass_delivered_again_issues_nothing() -> None:
    store = MemoryStore()
    await fold(store, CATALOGUE, 0, published())
    await fold(store, PASSED, 0, passed())
    before = await store.get("awards", KEY)

    again = await fold(store, PASSED, 1, passed(), passed())

    assert again.says == ()
    assert await store.get("awards", KEY) == before


async def test_a_pass_waits_for_its_offering_and_is_issued_when_that_arrives() -> None:
    store, publisher = MemoryStore(), MemoryPublisher()
    assert said(await fold(store, PASSED, 0, passed(1), withdrawn(1), passed(2))) == []
    waiting = await store.get("awards", KEY)
    assert waiting is not None
    assert waiting["waiting_for"] == "ou/AAA/2014J"
    await fold(store, CATALOGUE, 0, published())

    assert await Sweeper(WORKER.sweeping[0], store, publisher).sweep() == 1
    told = [each.value for each in publisher.log]
    [issued] = said(await commit(WORKER, [batch(ISSUANCE_FANOUT, 0, *told)], store))
    again = await commit(WORKER, [batch(ISSUANCE_FANOUT, 1, *told)], store)

    assert isinstance(issued, CredentialIssued)
    assert issued.data.pass_id == "pass-2"
    assert issued.time == passed(2).time
    assert again.says == ()
    settled = await store.get("awards", KEY)
    assert settled is not None
    assert "waiting_for" not in settled


async def test_a_replay_from_the_start_makes_the_same_bytes() -> None:
    documents = []
    for _ in range(2):
        store = MemoryStore()
        await fold(store, CATALOGUE, 0, published())
        await fold(store, PASSED, 0, passed(1), withdrawn(1), passed(2))
        documents.append(await store.get("awards", KEY))

    assert documents[0] == documents[1]


async def test_an_offering_that_no_credential_can_be_made_of_is_a_dead_letter() -> None:
    store = MemoryStore()

    committed = await fold(store, CATALOGUE, 0, published(), worker=worker_for(KEYS, Names("http://no host"), ORDER))

    [letter] = committed.says
    assert letter.topic == "issuance.dead-letters"
    assert b"no credential can be made of it" in orjson.dumps([str(letter.value), str(letter.headers)])
    assert committed.refused == 1
