"""Following the generation document: names, holds, and what is cached."""

import asyncio

import pytest

from shared.kit.chunk import commit
from shared.kit.generations import CACHED_S, GENERATION, HOLD_S, Generations, named
from shared.kit.ledger import LEDGER, Batch, Record
from shared.kit.store import Document, Unit
from shared.testing.counting import counting_worker, numbered_result
from shared.testing.memory import MemoryStore


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def pointing(**fields: object) -> MemoryStore:
    store = MemoryStore()
    store.put(LEDGER, {"_id": GENERATION, "current": {}, **fields})
    return store


def chunk(begins: int, *numbers: int) -> list[Batch]:
    records = [
        Record(begins + n, 1_900_000_000_000, b"a", numbered_result("a", number).encode())
        for n, number in enumerate(numbers)
    ]
    return [Batch("platform.events", "topic-id", 0, begins, records)]


async def laid(unit: Unit) -> None:
    await unit.write("people", [{"_id": "a"}], ())


def test_the_first_generation_has_the_plain_name():
    assert (named("progress", 1), named("progress", 7)) == ("progress", "progress.7")


async def test_without_a_document_everything_is_in_the_first_generation():
    store = MemoryStore()
    await Generations(store).transact(laid)
    assert set(store.collections) == {"people"}


async def test_a_chunk_goes_to_the_live_generation_and_the_ledger_stays():
    store = pointing(current={"counts": 2, "totals": 3})
    await commit(counting_worker(), chunk(0, 1, 2), Generations(store))
    assert set(store.collections) == {LEDGER, "counts.2", "totals.3"}
    assert await store.get(LEDGER, "topic-id/0") is not None


async def test_a_chunk_follows_a_switch_without_a_restart():
    store = pointing()
    live = Generations(store)
    await commit(counting_worker(), chunk(0, 1), live)
    store.put("counts.2", {"_id": "a", "events": 1, "last": 1.0, "disorder": 0})
    store.put(LEDGER, {"_id": GENERATION, "current": {"counts": 2}})
    await commit(counting_worker(), chunk(1, 2), live)
    events = {name: (await store.get(name, "a") or {})["events"] for name in ("counts", "counts.2")}
    assert events == {"counts": 1, "counts.2": 2}


async def test_a_chunk_costs_no_find_of_its_own_for_the_document():
    finds: list[str] = []

    class Watching(MemoryStore):
        async def transact(self, work):
            async def watched(unit):
                load = unit.load

                async def counting(collection, ids):
                    finds.append(collection)
                    return await load(collection, ids)

                unit.load = counting
                return await work(unit)

            return await super().transact(watched)

    await commit(counting_worker(), chunk(0, 1), Generations(Watching()))
    assert finds == [LEDGER, "counts"]


async def test_the_document_is_not_taken_for_a_position():
    store = pointing()
    seen: list[dict[str, Document]] = []

    async def load(unit: Unit) -> None:
        seen.append(await unit.load(LEDGER, ["topic-id/0"]))

    await Generations(store).transact(load)
    assert seen == [{}]


async def test_a_worker_waits_while_a_switch_is_near_and_not_for_ever():
    store, clock = pointing(hold="one"), Clock()
    live = Generations(store, clock)
    waiting = asyncio.create_task(live.transact(laid))
    await asyncio.sleep(0.12)
    assert not waiting.done()
    clock.now += HOLD_S
    await waiting
    await asyncio.wait_for(live.transact(laid), 0.5)  # the same hold is never waited for again
    store.put(LEDGER, {"_id": GENERATION, "current": {"people": 2}, "hold": "two"})
    waiting = asyncio.create_task(live.transact(laid))
    await asyncio.sleep(0.12)
    assert not waiting.done()
    store.put(LEDGER, {"_id": GENERATION, "current": {"people": 2}})
    await waiting
    assert await store.get("people.2", "a") == {"_id": "a"}


async def test_readers_see_a_switch_when_their_time_is_over():
    store, clock = pointing(), Clock()
    store.put("people", {"_id": "old"})
    store.put("people.2", {"_id": "new"})
    reader = Generations(store, clock)
    assert await reader.count("people", {"_id": "old"}) == 1
    store.put(LEDGER, {"_id": GENERATION, "current": {"people": 2}})
    clock.now += CACHED_S / 2
    assert [each["_id"] for each in await reader.find("people", {})] == ["old"]
    clock.now += CACHED_S
    assert [each["_id"] for each in await reader.find("people", {})] == ["new"]
    assert await reader.get("people", "new") == {"_id": "new"}


async def test_an_error_of_the_work_itself_is_not_waited_for():
    async def fails(_: Unit) -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        await Generations(pointing()).transact(fails)
