"""The real store, publisher and engine with the points at which the process may have to die."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar, cast

from shared.contracts.envelope import Event
from shared.kit.apart import Apart
from shared.kit.fold import said
from shared.kit.ledger import LEDGER, Saying
from shared.kit.ports import Engine, Ports
from shared.kit.producer import Publisher
from shared.kit.settings import ServiceSettings
from shared.kit.store import Document, Increment, Store, Unit, WholeStore
from shared.kit.worker import Worker
from tests.chaos.doomed import orders
from tests.chaos.doomed.orders import Orders

T = TypeVar("T")


def doomed(orders: Orders) -> Ports:
    """Return the real ports with these orders in them."""
    real = Ports()

    def store(settings: ServiceSettings, service: str) -> WholeStore:
        return cast("WholeStore", _Store(real.store(settings, service), orders))

    def publisher(settings: ServiceSettings) -> Publisher:
        return _Publisher(real.publisher(settings), orders)

    def engine(
        worker: Worker, settings: ServiceSettings, store: Store, publisher: Publisher, apart: Apart | None
    ) -> Engine:
        made: Any = real.engine(worker, settings, store, publisher, apart)
        made.flights.drop = _revoking(made.flights.drop, orders)
        return cast("Engine", made)

    return Ports(store, publisher, engine)


class _Store:
    def __init__(self, store: Store, orders: Orders) -> None:
        self._store = store
        self._orders = orders

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transact(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        async def watched(unit: Unit) -> T:
            result = await work(cast("Unit", _Unit(unit, self._orders)))
            self._orders.leaving(orders.DURING_COMMIT)
            return result

        return await self._store.transact(watched)


class _Unit:
    def __init__(self, unit: Unit, orders: Orders) -> None:
        self._unit = unit
        self._orders = orders

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    async def load(self, collection: str, ids: Collection[str]) -> dict[str, Document]:
        loaded = await self._unit.load(collection, ids)
        if collection != LEDGER:
            self._orders.passing(orders.AFTER_LOAD)
        return loaded

    async def write(self, collection: str, new: Sequence[Document], changed: Sequence[Document]) -> None:
        await self._unit.write(collection, new, changed)
        if collection != LEDGER:
            self._orders.passing(orders.AFTER_WRITE)

    async def add(self, collection: str, increments: Iterable[Increment]) -> None:
        await self._unit.add(collection, increments)


class _Publisher:
    def __init__(self, publisher: Publisher, orders: Orders) -> None:
        self._publisher = publisher
        self._orders = orders

    async def publish(self, events: Sequence[Event]) -> None:
        await self.say([said(event) for event in events])

    async def say(self, sayings: Sequence[Saying]) -> None:
        self._orders.passing(orders.BEFORE_PRODUCE)
        half = len(sayings) // 2
        if half and self._orders.wants(orders.BETWEEN_PRODUCES):
            await self._publisher.say(sayings[:half])
            orders.die()
        await self._publisher.say(sayings)
        self._orders.passing(orders.BEFORE_ACKNOWLEDGEMENT)

    async def close(self) -> None:
        await self._publisher.close()


def _revoking(drop: Callable[[set[Any]], None], given: Orders) -> Callable[[set[Any]], None]:
    # The last thing that the transport does when partitions are taken from it: they belong to nobody at this moment.
    def dropped(partitions: set[Any]) -> None:
        if partitions:
            given.passing(orders.DURING_REVOCATION)
        drop(partitions)

    return dropped
