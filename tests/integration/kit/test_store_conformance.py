"""What every store promises: MongoDB and the in-memory twin pass the same tests."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from shared.kit.store import Document, Increment, Store, Unit

PEOPLE = "people"


async def lay(store: Store, *documents: Document, collection: str = PEOPLE) -> None:
    """Insert documents in one transaction."""

    async def work(unit: Unit) -> None:
        await unit.write(collection, documents, ())

    await store.prepare({collection: []})
    await store.transact(work)


async def replaced(unit: Unit, document: Document) -> None:
    await unit.write(PEOPLE, (), [document])


async def ids(store: Store, where: Mapping[str, Any], **how: Any) -> list[str]:
    return [document["_id"] for document in await store.find(PEOPLE, where, **how)]


async def test_preparing_twice_and_at_once_is_as_good_as_once(store):
    indexes = {PEOPLE: [[("tenant", 1), ("_id", 1)]], "others": []}
    await asyncio.gather(store.prepare(indexes), store.prepare(indexes))
    await store.prepare(indexes)
    await lay(store, {"_id": "a"})
    assert await store.count(PEOPLE, {}) == 1


async def test_what_was_laid_is_got_and_what_was_not_is_none(store):
    await lay(store, {"_id": "a", "deep": {"list": [1, {"x": None}]}})
    assert await store.get(PEOPLE, "a") == {"_id": "a", "deep": {"list": [1, {"x": None}]}}
    assert await store.get(PEOPLE, "b") is None
    assert await store.get("never made", "a") is None
    assert await store.find("never made", {}) == []


async def test_a_transaction_that_raises_leaves_nothing(store):
    async def work(unit: Unit) -> None:
        await unit.write(PEOPLE, [{"_id": "b"}], ())
        raise KeyError("the handler's own error")

    await lay(store, {"_id": "a"})
    with pytest.raises(KeyError):
        await store.transact(work)
    assert await ids(store, {}) == ["a"]


async def test_a_transaction_reads_one_snapshot_and_is_seen_all_at_once(store):
    await lay(store, {"_id": "a", "n": 1}, {"_id": "b", "n": 1})
    read, go_on = asyncio.Event(), asyncio.Event()

    async def reader(unit: Unit) -> tuple[int, int]:
        first = await unit.load(PEOPLE, ["a"])
        read.set()
        await go_on.wait()
        second = await unit.load(PEOPLE, ["b", "absent"])
        return first["a"]["n"], second["b"]["n"]

    async def writer(unit: Unit) -> None:
        await unit.write(PEOPLE, (), [{"_id": "a", "n": 2}, {"_id": "b", "n": 2}])
        assert await ids(store, {"n": 2}) == [], "a write was seen before its commit"

    reading = asyncio.create_task(store.transact(reader))
    await read.wait()
    await store.transact(writer)
    go_on.set()
    assert await reading == (1, 1)
    assert await ids(store, {"n": 2}) == ["a", "b"]


async def test_a_transaction_reads_its_own_writes(store):
    async def work(unit: Unit) -> Any:
        await unit.write(PEOPLE, [{"_id": "b", "n": 1}], [{"_id": "a", "n": 5}])
        return await unit.load(PEOPLE, ["a", "b"])

    await lay(store, {"_id": "a", "n": 1})
    assert await store.transact(work) == {"a": {"_id": "a", "n": 5}, "b": {"_id": "b", "n": 1}}


async def test_of_two_that_write_one_document_one_wins_and_the_other_runs_again_from_its_load(store):
    await lay(store, {"_id": "a", "n": 0})
    runs: list[str] = []
    both_read = asyncio.Barrier(2)

    def adding(name: str) -> Any:
        async def work(unit: Unit) -> None:
            runs.append(name)
            n = (await unit.load(PEOPLE, ["a"]))["a"]["n"]
            if runs.count(name) == 1:
                await both_read.wait()
            await replaced(unit, {"_id": "a", "n": n + 1})

        return work

    await asyncio.gather(store.transact(adding("one")), store.transact(adding("two")))
    assert (await store.get(PEOPLE, "a"))["n"] == 2
    assert min(runs.count("one"), runs.count("two")) == 1, "the winner ran more than once"
    assert len(runs) > 2, "nobody ran again"


async def test_what_is_ended_holds_nobody_up_and_runs_again_from_its_load(store):
    await lay(store, {"_id": "a", "n": 0})
    written, go_on = asyncio.Event(), asyncio.Event()
    read: list[int] = []

    async def slow(unit: Unit) -> None:
        read.append((await unit.load(PEOPLE, ["a"]))["a"]["n"])
        await replaced(unit, {"_id": "a", "n": read[-1] + 1})
        written.set()
        await go_on.wait()

    working = asyncio.create_task(store.transact(slow))
    await written.wait()
    await store.end(await store.holder())
    await store.transact(lambda unit: replaced(unit, {"_id": "a", "n": 10}))
    go_on.set()
    await working
    assert read == [0, 10]
    assert await store.get(PEOPLE, "a") == {"_id": "a", "n": 11}


async def test_a_store_is_known_by_one_name_and_another_name_ends_nothing_of_it(store):
    await lay(store, {"_id": "a", "n": 0})
    holder = await store.holder()

    async def work(unit: Unit) -> None:
        await replaced(unit, {"_id": "a", "n": 1})
        await store.end(bytes(len(holder)))

    await store.transact(work)
    assert await store.get(PEOPLE, "a") == {"_id": "a", "n": 1}
    assert await store.holder() == holder


async def test_of_two_that_insert_one_id_one_wins_and_the_other_sees_it(store):
    await lay(store)
    both_read = asyncio.Barrier(2)
    first_runs: set[str] = set()

    def inserting(name: str) -> Any:
        async def work(unit: Unit) -> str:
            found = await unit.load(PEOPLE, ["new"])
            if name not in first_runs:
                first_runs.add(name)
                await both_read.wait()
            if found:
                return f"{name} found {found['new']['by']}"
            await unit.write(PEOPLE, [{"_id": "new", "by": name}], ())
            return f"{name} inserted"

        return work

    answers = await asyncio.gather(store.transact(inserting("one")), store.transact(inserting("two")))
    assert sorted(answers) in (["one found two", "two inserted"], ["one inserted", "two found one"])


async def test_counters_add_up_from_nothing_and_in_concurrence(store):
    await lay(store)
    names = {"tenant": "ou", "partition": 3}

    async def work(unit: Unit) -> None:
        await unit.add(PEOPLE, [Increment("c", names, {"seen": 2, "left": -1}), Increment("d", names, {"seen": 1})])

    await asyncio.gather(*(store.transact(work) for _ in range(5)))
    assert await store.get(PEOPLE, "c") == {"_id": "c", "tenant": "ou", "partition": 3, "seen": 10, "left": -5}
    assert (await store.get(PEOPLE, "d"))["seen"] == 5


async def test_adding_to_one_counter_twice_in_one_transaction_adds_both(store):
    await lay(store)

    async def work(unit: Unit) -> None:
        await unit.add(PEOPLE, [Increment("c", {}, {"n": 1}), Increment("c", {}, {"n": 2})])

    await store.transact(work)
    assert (await store.get(PEOPLE, "c"))["n"] == 3


async def test_what_is_removed_is_gone_with_the_commit_and_absent_ids_do_no_harm(store):
    await lay(store, {"_id": "a"}, {"_id": "b"})

    async def work(unit: Unit) -> None:
        await unit.remove(PEOPLE, ["a", "absent"])
        await unit.remove("never made", ["a"])
        await unit.remove(PEOPLE, [])
        assert await unit.load(PEOPLE, ["a"]) == {}
        assert await ids(store, {}) == ["a", "b"], "a removal was seen before its commit"

    await store.transact(work)
    assert await ids(store, {}) == ["b"]


async def test_a_removal_and_a_write_of_one_document_do_not_both_pass_unseen(store):
    await lay(store, {"_id": "a", "n": 0})
    both_read = asyncio.Barrier(2)
    runs: list[str] = []

    def once(name: str, change: Any) -> Any:
        async def work(unit: Unit) -> None:
            runs.append(name)
            found = await unit.load(PEOPLE, ["a"])
            if runs.count(name) == 1:
                await both_read.wait()
            if found:
                await change(unit)

        return work

    async def remove(unit: Unit) -> None:
        await unit.remove(PEOPLE, ["a"])

    async def change(unit: Unit) -> None:
        await replaced(unit, {"_id": "a", "n": 1})

    await asyncio.gather(store.transact(once("remove", remove)), store.transact(once("change", change)))
    assert await store.get(PEOPLE, "a") is None
    assert len(runs) > 2, "nobody ran again"


async def test_what_is_read_is_a_copy(store):
    await lay(store, {"_id": "a", "list": [1]})
    (await store.get(PEOPLE, "a"))["list"].append(2)
    assert (await store.get(PEOPLE, "a"))["list"] == [1]


async def test_a_store_that_is_there_answers(store):
    await store.ping()
