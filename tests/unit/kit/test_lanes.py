"""Chunks side by side: lanes share no partition, keep their turn, and a fetch ends when all of it has."""

import asyncio
from collections.abc import Sequence

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import Outcome
from shared.kit.errors import LogHole
from shared.kit.lanes import Lanes, lanes_here
from shared.kit.ledger import Batch, Record
from shared.testing.counting import counting_worker, numbered_result
from shared.testing.memory import MemoryPublisher, MemoryStore


class Road:
    """Two lanes over one store, and what was told of them."""

    def __init__(self) -> None:
        self.store, self.publisher = MemoryStore(), MemoryPublisher()
        self.done: list[tuple[int, int]] = []
        self.lanes = Lanes(lanes_here(counting_worker(), self.store, self.publisher))

    async def take(self, begins: int, partitions: Sequence[int]) -> Sequence[BaseException]:
        """Take five events of each of these partitions, and return what went wrong."""
        outcome: asyncio.Future[Sequence[BaseException]] = asyncio.get_running_loop().create_future()

        async def ended(errors: Sequence[BaseException]) -> None:
            outcome.set_result(errors)

        self.lanes.take([_batch(partition, begins) for partition in partitions], self._done, ended)
        return await outcome

    def _done(self, batches: Sequence[Batch], _: Outcome, __: float) -> None:
        self.done += [(batch.partition, batch.begins) for batch in batches]


def _batch(partition: int, begins: int) -> Batch:
    values = [numbered_result(f"p{partition}", begins + number).encode() for number in range(5)]
    records = [Record(begins + number, 1_900_000_000_000, None, value) for number, value in enumerate(values)]
    return Batch(PLATFORM_EVENTS.name, "id", partition, begins, records)


async def test_all_of_a_fetch_is_folded_and_each_learner_stays_in_order():
    road = Road()
    ends = await asyncio.gather(*(road.take(begins, range(4)) for begins in range(0, 50, 5)))
    assert all(errors == [] for errors in ends)
    counts = await road.store.find("counts", {})
    assert [(each["_id"], each["events"], each["disorder"]) for each in counts] == [(f"p{n}", 50, 0) for n in range(4)]
    for partition in range(4):
        assert [begins for other, begins in road.done if other == partition] == list(range(0, 50, 5))


async def test_a_hole_in_one_lane_is_told_and_the_other_goes_on():
    road = Road()
    await road.take(0, [1])
    errors = await road.take(5, [0, 1])
    assert [type(error) for error in errors] == [LogHole]
    assert (await road.store.get("counts", "p1") or {})["events"] == 10
    assert await road.store.get("counts", "p0") is None
