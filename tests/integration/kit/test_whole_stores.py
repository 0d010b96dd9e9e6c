"""What a rebuild needs of a store: reading at one moment, and dropping; MongoDB and the in-memory twin agree."""

from shared.kit.store import WholeStore
from tests.integration.kit.test_store_conformance import PEOPLE, lay, replaced


async def scanned(snapshot, collection=PEOPLE, after=""):
    return [document async for document in snapshot.scan(collection, after)]


async def test_a_scan_goes_by_id_and_begins_after_one(whole_store: WholeStore):
    await lay(whole_store, {"_id": "b"}, {"_id": "é"}, {"_id": "B"}, {"_id": "a/1"}, {"_id": "a"})
    async with whole_store.snapshot() as snapshot:
        assert [each["_id"] for each in await scanned(snapshot)] == ["B", "a", "a/1", "b", "é"]
        assert [each["_id"] for each in await scanned(snapshot, after="a/1")] == ["b", "é"]
        assert await scanned(snapshot, "never made") == []


async def test_a_snapshot_is_one_moment_of_all_collections(whole_store: WholeStore):
    await lay(whole_store, {"_id": "a", "n": 1})
    await lay(whole_store, {"_id": "x", "n": 1}, collection="others")
    async with whole_store.snapshot() as snapshot:
        assert await scanned(snapshot) == [{"_id": "a", "n": 1}]
        await lay(whole_store, {"_id": "b"})
        await lay(whole_store, {"_id": "y"}, collection="others")
        await whole_store.transact(lambda unit: replaced(unit, {"_id": "a", "n": 2}))
        assert await scanned(snapshot) == [{"_id": "a", "n": 1}]
        assert await scanned(snapshot, "others") == [{"_id": "x", "n": 1}]
    async with whole_store.snapshot() as later:
        assert await scanned(later) == [{"_id": "a", "n": 2}, {"_id": "b"}]


async def test_a_dropped_collection_is_empty_and_dropping_it_again_is_no_error(whole_store: WholeStore):
    await lay(whole_store, {"_id": "a"})
    await whole_store.drop(PEOPLE)
    await whole_store.drop(PEOPLE)
    assert await whole_store.find(PEOPLE, {}) == []
    await lay(whole_store, {"_id": "a", "again": True})
    assert await whole_store.get(PEOPLE, "a") == {"_id": "a", "again": True}
