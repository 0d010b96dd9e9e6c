"""The vault on a real MongoDB: whoever comes at the same time, nothing is lost, and an erasure wins."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.enrolment.vault.box import VAULT, Vault
from services.enrolment.vault.errors import Gone
from services.enrolment.vault.ring import KeyRing
from shared.kit.generations import Generations
from shared.kit.mongo import MongoStore
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.vault.test_vault import NEW, OLD

RING = KeyRing.of(OLD)
PEOPLE = {f"lrn-{number}": {"name": f"Learner {number}"} for number in range(100)}


@pytest.fixture
async def store(mongo_url: str, fresh_name: str) -> AsyncIterator[Generations]:
    store = Generations(MongoStore(mongo_url, fresh_name))
    yield store
    await store.close()


async def test_processes_that_write_at_once_lose_nothing(store: Generations):
    fields = ("name", "email", "salt", "username")
    vaults = [Vault(store, RING) for _ in fields]
    people = [{ref: {field: f"{field} of {ref}"} for ref in PEOPLE} for field in fields]
    await asyncio.gather(*(vault.keep("ou", each) for vault, each in zip(vaults, people, strict=True)))
    for ref in ("lrn-0", "lrn-99"):
        assert await vaults[0].open("ou", ref) == {field: f"{field} of {ref}" for field in fields}


async def test_an_erasure_wins_over_what_is_written_meanwhile(store: Generations):
    keeper, eraser = Vault(store, RING), Vault(store, RING)
    writes = [Vault(store, RING).keep("ou", {"lrn-1": {"name": f"Name {number}"}}) for number in range(8)]
    await asyncio.gather(*writes, eraser.erase("ou", ["lrn-1"], a.at(1)))
    await keeper.keep("ou", {"lrn-1": {"name": "again"}})
    with pytest.raises(Gone):
        await keeper.open("ou", "lrn-1")
    document = await store.get(VAULT, "ou/lrn-1")
    assert document is not None
    assert set(document) == {"_id", "erased"}


async def test_keys_are_rotated_while_learners_are_kept_and_erased(store: Generations):
    await Vault(store, RING).keep("ou", PEOPLE)
    both = KeyRing.of(f"{OLD} {NEW}")
    # The one that keeps knows the new key and does not wrap with it yet; one that knew the old key alone would be told.
    await asyncio.gather(
        Vault(store, both).rewrap(),
        Vault(store, both).rewrap(),
        Vault(store, KeyRing.of(f"{NEW} {OLD}")).keep("ou", {"lrn-5": {"email": "five@example.org"}}),
        Vault(store, both).erase("ou", ["lrn-6"], a.at(1)),
    )
    await Vault(store, both).rewrap()
    only = Vault(store, KeyRing.of(NEW))
    assert await only.open("ou", "lrn-5") == {"name": "Learner 5", "email": "five@example.org"}
    assert await only.open("ou", "lrn-99") == PEOPLE["lrn-99"]
    with pytest.raises(Gone):
        await only.open("ou", "lrn-6")
