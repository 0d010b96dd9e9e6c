"""A whole rebuild on the in-memory twin: what is told, what is written, and what is refused."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import commit
from shared.kit.errors import LogReplaced, SnapshotExpired
from shared.kit.generations import GENERATION, Generations
from shared.kit.ledger import LEDGER, Batch, Record
from shared.kit.rebuild.errors import LogIncomplete, NotSwitched, PartitionsChanged
from shared.kit.rebuild.merge import Lane
from shared.kit.rebuild.rebuilder import Rebuilder
from shared.kit.rebuild.replay import Log
from shared.kit.rebuild.wish import Wish
from shared.kit.store import Document
from shared.testing.counting import counting_worker, numbered_result
from shared.testing.memory import MemoryStore

TOPIC, TOPIC_ID = PLATFORM_EVENTS.name, "topic-id"
AT_ONCE = 2
COLLECTIONS = ("counts", "totals", "letters", "parked", "parked_records")
NOW = 1_900_000_000_000


class Shelf:
    """A log in memory, that a rebuild reads piece by piece."""

    def __init__(self, partitions: int = 2, events: int = 30) -> None:
        self.records = {
            number: [
                Record(
                    n, NOW + n * partitions + number, f"l{number}".encode(), numbered_result(f"l{number}", n).encode()
                )
                for n in range(events)
            ]
            for number in range(partitions)
        }
        self.first = 0

    def batches(self, begins: int, ends: int) -> list[Batch]:
        return [Batch(TOPIC, TOPIC_ID, number, begins, held[begins:ends]) for number, held in self.records.items()]

    async def log_of(self, _: Sequence[str]) -> Log:
        return Log({TOPIC: TOPIC_ID}, {(TOPIC, number): self.first for number in self.records}, self.feed)

    def feed(self, lanes: list[Lane]) -> "Feed":
        return Feed(self, lanes)


class Feed:
    def __init__(self, shelf: Shelf, lanes: list[Lane]) -> None:
        self.shelf, self.lanes = shelf, lanes
        for lane in lanes:
            lane.frontier = lane.position

    def read(self, timeout_s: float) -> None:  # noqa: ARG002 - the port's name
        for lane in self.lanes:
            for record in self.shelf.records[lane.partition][lane.frontier : lane.frontier + AT_ONCE]:
                lane.read(record)

    def close(self) -> None:
        pass


class Told(list[dict[str, Any]]):
    def __call__(self, step: str, **details: Any) -> None:
        self.append({"rebuild": step, **details})

    @property
    def steps(self) -> list[str]:
        return list(dict.fromkeys(line["rebuild"] for line in self))


async def rebuilt(store: MemoryStore, shelf: Shelf, told: Told | None = None, **wish: Any) -> int:
    told = Told() if told is None else told
    return await Rebuilder(counting_worker(), store, shelf.log_of, told, "1", most=7).run(Wish(**wish))


async def lived(shelf: Shelf, store: MemoryStore | None = None) -> MemoryStore:
    store = store or MemoryStore()
    for begins in range(0, 30, 10):
        await commit(counting_worker(), shelf.batches(begins, begins + 10), Generations(store))
    return store


async def test_it_folds_compares_switches_and_tells() -> None:
    shelf, told = Shelf(), Told()
    store = await lived(shelf)
    assert await rebuilt(store, shelf, told) == 0
    assert told.steps == ["begun", "replay", "caught-up", "parity", "hold", "switched", "done"]
    last = next(line for line in reversed(told) if line["rebuild"] == "replay")
    assert (last["done"], last["of"]) == (60, 60)
    assert store.collections["counts.2"] == store.collections["counts"]
    assert await store.get(LEDGER, GENERATION) == {
        "_id": GENERATION,
        "current": dict.fromkeys(COLLECTIONS, 2),
        "kept": {"of": dict.fromkeys(COLLECTIONS, 1), "ledger": 2, "model": None},
        "drop": [],
        "last": 2,
        "switches": 1,
    }


async def test_what_was_said_is_not_said_again_from_the_kept_ledger() -> None:
    shelf = Shelf()
    store = await lived(shelf)
    assert any(each.get("says") for each in store.collections[LEDGER].values())
    await rebuilt(store, shelf)
    assert not any(each["says"] for each in store.collections["ledger.2"].values())
    assert any(each.get("says") for each in store.collections[LEDGER].values())


async def test_the_switch_changes_every_ledger_document_each_time() -> None:
    shelf = Shelf()
    store = await lived(shelf)
    before = {key: store.versions[LEDGER, key] for key in store.collections[LEDGER]}
    await rebuilt(store, shelf)
    await rebuilt(store, shelf, rollback=True)
    assert {key: store.versions[LEDGER, key] - was for key, was in before.items()} == dict.fromkeys(before, 2)
    assert {each.get("switches") for each in store.collections[LEDGER].values()} == {2}


class Forgetful(MemoryStore):
    """A database that forgets each moment after one document."""

    moments = 0

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Any]:
        self.moments += 1
        async with super().snapshot() as snapshot:
            yield _Fading(snapshot)


class _Fading:
    def __init__(self, snapshot: Any) -> None:
        self._snapshot = snapshot

    async def scan(self, collection: str, after: str = "") -> AsyncIterator[Document]:
        read = 0
        async for document in self._snapshot.scan(collection, after):
            if collection == "counts" and read == 1:
                raise SnapshotExpired("forgotten")
            read += 1
            yield document


async def test_a_comparison_that_the_database_forgets_goes_on_at_a_later_moment() -> None:
    shelf, told, store = Shelf(partitions=4), Told(), Forgetful()
    await lived(shelf, store)
    assert await rebuilt(store, shelf, told) == 0
    assert [line["after"] for line in told if line["rebuild"] == "moment-passed"] == ["l0", "l1", "l2"]
    (counts,) = [line for line in told if line.get("collection") == "counts" and line["rebuild"] == "parity"]
    assert (counts["same"], counts["different"], counts["only_old"], counts["only_new"]) == (4, 0, 0, 0)


async def test_a_service_that_has_read_nothing_yet_is_rebuilt_to_nothing() -> None:
    store = MemoryStore()
    assert await rebuilt(store, Shelf()) == 0
    assert store.collections.get("counts.2") == {}
    await commit(counting_worker(), Shelf().batches(0, 5), Generations(store))
    assert (await store.get("counts.2", "l0") or {})["events"] == 5


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda _, shelf: setattr(shelf, "first", 3), LogIncomplete),
        (lambda _, shelf: shelf.records.pop(1), PartitionsChanged),
        (lambda store, _: store.put(LEDGER, _position("another-id")), LogReplaced),
    ],
)
async def test_a_log_that_cannot_give_the_same_again_is_refused(spoil: Any, error: type[Exception]) -> None:
    shelf = Shelf()
    store = await lived(shelf)
    spoil(store, shelf)
    with pytest.raises(error):
        await rebuilt(store, shelf)
    assert (await store.get(LEDGER, GENERATION) or {}).get("current", {}) == {}


def _position(topic_id: str) -> Document:
    return {"_id": f"{topic_id}/0", "topic": TOPIC, "partition": 0, "next": 3, "says": b""}


def test_every_error_says_what_to_do() -> None:
    assert "run the same command again" in str(NotSwitched(20))
    assert "run the same command again" in str(PartitionsChanged("t", 3))
