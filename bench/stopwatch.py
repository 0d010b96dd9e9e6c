"""Times the steps of the chunk function from outside: through the store port, the model and the handler it is given."""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bench.grading import grading_worker, learner_assessed
from services.assessment.store import PROGRESS
from shared.contracts.topics import ASSESSED
from shared.contracts.wire import decode
from shared.kit.ledger import LEDGER, Batch
from shared.kit.mongo import MongoStore
from shared.kit.store import Document, Increment, Unit
from shared.kit.worker import Worker

T = TypeVar("T")
A = TypeVar("A", bound=Callable[..., Any])


@dataclass(slots=True)
class Spent:
    """Seconds of wall time, and of processor time, all threads of the process together."""

    wall: float = 0.0
    cpu: float = 0.0

    def add(self, wall: float, cpu: float) -> None:
        """Add to both."""
        self.wall += wall
        self.cpu += cpu


class Stopwatch:
    """Every moment belongs to the step whose lap ends after it; `inner` steps are taken out of the one around them."""

    def __init__(self) -> None:
        """Begin now."""
        self.spent: dict[str, Spent] = defaultdict(Spent)
        self._at = self._now()

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def lap(self, step: str) -> None:
        """Give the time since the last lap to this step."""
        (wall, cpu), (wall_before, cpu_before) = self._now(), self._at
        self.spent[step].add(wall - wall_before, cpu - cpu_before)
        self._at = self._now()

    def inner(self, step: str, around: str, function: A) -> A:
        """Return the function with its time taken out of the step around it; without waiting, so all of it is CPU."""
        inside, outside, clock = self.spent[step], self.spent[around], time.perf_counter

        def timed(*args: Any) -> Any:
            began = clock()
            answer = function(*args)
            passed = clock() - began
            inside.add(passed, passed)
            outside.add(-passed, -passed)
            return answer

        return timed  # type: ignore[return-value]

    def decode_apart(self, batches: Sequence[Batch]) -> None:
        """Decode once more than needed, to tell decoding from routing: the chunk function does both in one pass."""
        for batch in batches:
            for record in batch.records:
                decode(ASSESSED, record.value, record.headers)
        before = replace(self.spent["decode"])
        self.lap("decode")
        after = self.spent["decode"]
        self.spent["route"].add(before.wall - after.wall, before.cpu - after.cpu)


class TimedStore:
    """A store that laps when the chunk function crosses the port."""

    def __init__(self, store: MongoStore, watch: Stopwatch) -> None:
        """Stand before this store."""
        self._store, self._watch = store, watch

    def __getattr__(self, name: str) -> Any:
        """Pass on what is not measured."""
        return getattr(self._store, name)

    async def transact(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Run the work in a transaction; what came before it was routing."""
        self._watch.lap("route")

        async def timed(unit: Unit) -> T:
            answer = await work(_TimedUnit(unit, self._watch))
            self._watch.lap("write")
            return answer

        return await self._store.transact(timed)


class _TimedUnit:
    def __init__(self, unit: Unit, watch: Stopwatch) -> None:
        self._unit, self._watch = unit, watch

    async def load(self, collection: str, ids: Collection[str]) -> dict[str, Document]:
        found = await self._unit.load(collection, ids)
        self._watch.lap("begin" if collection == LEDGER else "load")
        return found

    async def write(self, collection: str, new: Sequence[Document], changed: Sequence[Document]) -> None:
        if collection == LEDGER:  # written first: what passed since the load was folding
            self._watch.lap("sort out")
        await self._unit.write(collection, new, changed)

    async def add(self, collection: str, increments: Iterable[Increment]) -> None:
        await self._unit.add(collection, increments)

    async def remove(self, collection: str, ids: Collection[str]) -> None:
        await self._unit.remove(collection, ids)


def timed_worker(watch: Stopwatch) -> Worker:
    """Return the worker, its model and handler under the stopwatch."""
    model = replace(
        PROGRESS,
        load=watch.inner("from document", "sort out", PROGRESS.load),
        dump=watch.inner("to document", "sort out", PROGRESS.dump),
    )
    return grading_worker(model, watch.inner("handle", "sort out", learner_assessed))
