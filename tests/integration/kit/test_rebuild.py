"""A rebuild on a real broker and a real database, beside a worker that counts and cannot forgive a doubled event.

What only compares, drops and points at generations reads the log as the others do: that is tested on one broker.
"""

import asyncio
from typing import Any

import pytest

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.generations import CACHED_S, Generations
from shared.kit.rebuild.errors import AnotherUnderWay, LogIncomplete, NothingBuilt, NothingKept, Superseded
from tests.integration.kit.rebuilding import Killed, Told, rebuild, stream
from tests.integration.kit.rig import Rig, Watched, until

COLLECTIONS = ("counts", "totals", "letters", "parked", "parked_records")
GENERATION_2 = dict.fromkeys(COLLECTIONS, 2)
NO_LETTERS = dict.fromkeys(COLLECTIONS[2:], (0, 0, 0, 0))
STEPS = [("begun", 1), ("replay", 1), ("replay", 2), ("caught-up", 1), ("parity", 1), ("hold", 1), ("switched", 1)]


@pytest.fixture
def live(rig: Rig) -> Generations:
    return Generations(rig.store)


async def folding(rig: Rig, live: Generations) -> Watched:
    return await rig.start(rig.engine(store=live))


async def counted(rig: Rig, live: Generations) -> tuple[int, int, int]:
    """Events and disorder in the live generation, when all that was published is folded; and learners in the tally."""
    await rig.read_up()
    await asyncio.sleep(2 * CACHED_S)
    counts = await live.find("counts", {}, limit=10_000)
    totals = await live.find("totals", {}, limit=10_000)
    return (
        sum(each["events"] for each in counts),
        sum(each["disorder"] for each in counts),
        sum(each["learners"] for each in totals),
    )


async def current(rig: Rig) -> Any:
    return (await rig.store.get("ledger", "generation") or {}).get("current")


async def test_a_rebuild_beside_a_stream_is_equal_and_loses_and_doubles_nothing(rig: Rig, live: Generations) -> None:
    await rig.publish(1_000)
    await folding(rig, live)
    told = Told()
    async with stream(rig):
        await asyncio.sleep(1)
        assert await rebuild(rig, told) == 0
        await asyncio.sleep(1)

    assert told.parity == {"counts": (20, 0, 0, 0), "totals": (4, 0, 0, 0), **NO_LETTERS}
    assert await current(rig) == GENERATION_2
    assert await counted(rig, live) == (rig.sent, 0, 20)
    old = sum(each["events"] for each in await rig.store.find("counts", {}, limit=10_000))
    assert 1_000 < old < rig.sent, "the old generation is kept as it was at the switch"


async def test_a_rebuild_that_is_killed_at_every_step_goes_on_where_it_was(rig: Rig, live: Generations) -> None:
    await rig.publish(1_000)
    await folding(rig, live)
    folded = []
    async with stream(rig):
        for number, (step, nth) in enumerate(STEPS):
            told = Told(step, nth)
            with pytest.raises(Killed):
                await rebuild(rig, told)
            assert told.of("begun")[0]["goes_on"] is (number > 0)
            ledger = await rig.store.find("ledger.2", {"topic": PLATFORM_EVENTS.name})
            folded.append(sum(each["next"] for each in ledger))
        assert folded == sorted(folded), "a rebuild began anew"
        assert folded[1] > 0
        before = await rig.counted_in("counts.2")
        await asyncio.sleep(4)  # longer than any worker waits for a switch
        assert await rig.counted_in("counts.2") > before, "the live service stood still"

    assert await current(rig) == GENERATION_2
    assert await counted(rig, live) == (rig.sent, 0, 20)


async def test_a_rebuilder_that_dies_holding_the_workers_stops_them_for_a_moment_only(
    rig: Rig, live: Generations
) -> None:
    await rig.publish(100)
    await folding(rig, live)
    await rig.read_up()
    with pytest.raises(Killed):
        await rebuild(rig, Told("hold"))
    await rig.publish(100)
    await asyncio.sleep(1)
    assert await rig.counted() == (100, 0), "the workers did not wait for the switch"
    await rig.read_up(bound_s=5)
    assert await counted(rig, live) == (200, 0, 20)
    assert await rebuild(rig, Told()) == 0
    assert await counted(rig, live) == (200, 0, 20)


@pytest.mark.one_broker
async def test_a_difference_is_found_and_named_and_not_switched_to_unless_it_is_accepted(
    rig: Rig, live: Generations
) -> None:
    await rig.publish(400)
    await folding(rig, live)
    await rig.read_up()
    await _spoil(rig)
    told = Told()

    assert await rebuild(rig, told) == 3
    assert told.parity["counts"] == (18, 1, 1, 1)
    assert told.parity["totals"] == (4, 0, 0, 0)
    (counts,) = [each for each in told.of("parity") if each["collection"] == "counts"]
    assert counts["examples"] == [
        {"id": "learner-3", "field": "events", "old": "21", "new": "20"},
        {"id": "learner-5", "field": "", "old": "absent", "new": "there"},
        {"id": "nobody", "field": "", "old": "there", "new": "absent"},
    ]
    assert told.lines[-1] == {"rebuild": "differs", "collections": ["counts"]}
    assert await current(rig) in (None, {})

    with pytest.raises(NothingBuilt):
        await rebuild(rig, Told(), release="2", accept_differences=True)
    told = Told()
    assert await rebuild(rig, told, accept_differences=True) == 0
    assert told.of("begun")[0]["goes_on"] is True
    assert await counted(rig, live) == (400, 0, 20)


@pytest.mark.one_broker
async def test_what_differs_can_be_discarded(rig: Rig, live: Generations) -> None:
    await rig.publish(400)
    await folding(rig, live)
    await rig.read_up()
    await _spoil(rig)
    assert await rebuild(rig, Told()) == 3

    with pytest.raises(AnotherUnderWay, match="a rebuild of all read models is under way"):
        await rebuild(rig, Told(), model="counts")
    told = Told()
    assert await rebuild(rig, told, discard=True) == 0
    assert told.of("discarded")[0]["dropped"] == [*(f"{name}.2" for name in COLLECTIONS), "ledger.2"]
    assert await rig.store.find("counts.2", {}) == []
    with pytest.raises(NothingBuilt):
        await rebuild(rig, Told(), discard=True)
    with pytest.raises(NothingBuilt):
        await rebuild(rig, Told(), accept_differences=True)


async def _spoil(rig: Rig) -> None:
    """Change one document behind the worker's back, add one and take one away."""

    async def spoil(unit: Any) -> None:
        found = await unit.load("counts", ["learner-3", "learner-5"])
        await unit.write("counts", [{**found["learner-3"], "_id": "nobody"}], [{**found["learner-3"], "events": 21}])

    await rig.store.transact(spoil)
    rig.delete("counts", "learner-5")


async def test_a_rollback_goes_back_to_the_generation_before_and_there_and_back_again(
    rig: Rig, live: Generations
) -> None:
    with pytest.raises(NothingKept):
        await rebuild(rig, Told(), rollback=True)
    await rig.publish(400)
    await folding(rig, live)
    async with stream(rig):
        assert await rebuild(rig, Told()) == 0
        await asyncio.sleep(1)
        with pytest.raises(Killed):
            await rebuild(rig, Told("caught-up"), rollback=True)
        with pytest.raises(AnotherUnderWay, match="a rollback is under way"):
            await rebuild(rig, Told())
        told = Told()
        assert await rebuild(rig, told, rollback=True) == 0
        assert (told.of("begun")[0]["goes_on"], told.of("parity")) == (True, [])
        assert (await current(rig))["counts"] == 1
        await asyncio.sleep(1)
        assert await rebuild(rig, Told(), rollback=True) == 0
        assert (await current(rig))["counts"] == 2
        assert await rebuild(rig, Told(), rollback=True) == 0
    assert (await current(rig))["counts"] == 1
    assert await counted(rig, live) == (rig.sent, 0, 20)


@pytest.mark.one_broker
async def test_a_further_rebuild_drops_the_generation_that_was_kept(rig: Rig, live: Generations) -> None:
    await rig.publish(200)
    await folding(rig, live)
    await rig.read_up()
    assert await rebuild(rig, Told()) == 0
    told = Told()
    assert await rebuild(rig, told, model="counts") == 0
    assert told.of("begun")[0]["dropped"] == [*COLLECTIONS, "ledger.2"]
    assert await rig.store.find("counts", {}) == []
    assert await current(rig) == GENERATION_2 | {"counts": 3, "totals": 3}
    assert await counted(rig, live) == (200, 0, 20)


@pytest.mark.one_broker
async def test_two_rebuilds_at_once_the_later_one_goes_on_and_the_earlier_one_ends(rig: Rig, live: Generations) -> None:
    await rig.publish(1_000)
    await folding(rig, live)
    await rig.read_up()
    told = Told()

    async def folds() -> bool:
        return bool(told.of("replay"))

    first = asyncio.create_task(rebuild(rig, told, most=2))
    await until(folds, 10, "nothing was folded")
    assert await rebuild(rig, Told()) == 0
    with pytest.raises(Superseded):
        await first
    assert await counted(rig, live) == (1_000, 0, 20)


@pytest.mark.one_broker
async def test_another_release_does_not_go_on_with_what_this_one_has_folded(rig: Rig, live: Generations) -> None:
    await rig.publish(1_000)
    await folding(rig, live)
    await rig.read_up()
    with pytest.raises(Killed):
        await rebuild(rig, Told("replay"))
    told = Told()
    assert await rebuild(rig, told, release="2") == 0
    assert told.of("begun")[0]["goes_on"] is False
    assert (await current(rig))["counts"] == 3
    assert await rig.store.find("counts.2", {}) == []


async def test_a_log_of_which_something_is_gone_is_refused_before_anything_is_done(
    rig: Rig, live: Generations, *, embedded: bool
) -> None:
    await rig.publish(400)
    await folding(rig, live)
    await rig.read_up()
    gone = {}
    if embedded:  # it cannot delete records, and ends when it is asked to: the rebuild is told so in its stead
        gone = {(PLATFORM_EVENTS.name, 1): 10}
    else:
        await rig.delete_records(PLATFORM_EVENTS.name, partition=1, before=10)
    with pytest.raises(LogIncomplete, match=r"topic platform\.events begins at offset 10 in partition 1.*backup"):
        await rebuild(rig, Told(), gone=gone)
    assert await rig.store.get("ledger", "generation") is None


@pytest.mark.one_broker
async def test_http_reads_the_new_generation_within_a_second(rig: Rig, live: Generations) -> None:
    await rig.publish(200)
    await folding(rig, live)
    await rig.read_up()
    await _spoil(rig)
    reader = Generations(rig.store)  # another process, which does no work

    async def shows_it() -> bool:
        return await reader.get("counts", "nobody") is None and await reader.count("counts", {}) == 20

    assert not await shows_it()
    assert await rebuild(rig, Told()) == 3
    assert not await shows_it()
    assert await rebuild(rig, Told(), accept_differences=True) == 0
    assert await until(shows_it, 1, "the new generation is not read") < 1
