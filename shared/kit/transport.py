"""The Faust transport `kafkachunk://`: hands over whole fetches, and acknowledges nothing that is not done.

Each override stands where Faust 0.15 or aiokafka 0.14 loses or stalls; `tests/integration/kit/test_transport_traps.py`
and the files beside it have a test for each.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from aiokafka.errors import IllegalStateError, NoOffsetForPartitionError, OffsetOutOfRangeError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from shared.kit.consumer_thread import ChunkThread, Fetched
from shared.kit.flights import MOST_BYTES, Fetch, cut

if TYPE_CHECKING:
    from shared.kit.transport_port import Port

_LOOK_S = 1.0


class _NeverRead(dict[Any, Any]):
    """Faust's own read offsets, which would drop what it believes to have seen: always unknown."""

    def __getitem__(self, key: Any) -> None:
        return None

    def __setitem__(self, key: Any, item: Any) -> None:
        """Forget it."""

    def update(self, *_: Any, **__: Any) -> None:
        """Forget it."""


class ChunkConsumer(driver.Consumer):  # type: ignore[misc]
    """Delivers one message for each fetch; its value is a `Fetch`."""

    _thread: ChunkThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take over Faust's bookkeeping of read offsets."""
        super().__init__(*args, **kwargs)
        self._read_offset = _NeverRead()
        self._sought: Mapping[TP, int] = {}
        self._handing_over = False
        self.port: Port = self.app.port

    def _new_consumer_thread(self) -> ChunkThread:
        return ChunkThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 - Faust's name
        """Yield what one fetch brought as one message."""
        if not (records := await self._fetched(timeout)):
            return
        flights, era = self.port.flights, self.port.flights.forgotten
        self._handing_over = True
        try:
            for fetch in cut(records, records.begins, MOST_BYTES):
                while not await flights.room(timeout) and flights.forgotten == era:
                    if self.should_stop or not self.flow_active:
                        return
                if flights.forgotten != era:
                    return
                first = next(iter(fetch.records))
                flights.opened(fetch)
                yield TP(first.topic, first.partition), self._as_message(fetch, first)
        finally:
            self._handing_over = False

    async def _fetched(self, timeout: float) -> Fetched:  # noqa: ASYNC109 - as above
        """Return what a fetch brought, if it may be handed over now."""
        if not await self._may_fetch(timeout):
            return Fetched()
        records = Fetched()
        try:
            records, _ = await self._wait_next_records(timeout)
        except NoOffsetForPartitionError:
            await self.seek_back()
        except OffsetOutOfRangeError as error:
            await self._back_into_range(error.args[0])
        except asyncio.CancelledError:
            self._thread.give_up_fetch()
            raise
        if self.flow_active and not self.should_stop:
            return records
        if records and not self.should_stop:
            # A stopped flow ends in `perform_seek`; but a fetch outlasts that, and may bring what comes after it.
            await self._thread.put_back(records)
        return Fetched()

    async def _may_fetch(self, timeout: float) -> bool:  # noqa: ASYNC109 - as above
        if not await self.port.flights.room(timeout):
            return False
        if not self.flow_active:
            # Faust would wait here without end; where a cancellation came to nothing, a stop would wait for that.
            await self.wait(self.can_resume_flow, timeout=timeout)
            return False
        return True

    def _as_message(self, fetch: Fetch, first: Any) -> ConsumerMessage:
        record = fetch.records[first][0]
        return ConsumerMessage(
            record.topic,
            record.partition,
            record.offset,
            record.timestamp / 1000,
            record.timestamp_type,
            [],
            None,
            fetch,
            None,
            tp=TP(first.topic, first.partition),
            generation_id=self.app.consumer_generation_id,
        )

    def ack(self, message: Any) -> bool:
        """End the tracking of a message; what is acknowledged is decided by `Flights.done` alone."""
        if message.acked:
            return False
        message.acked = True
        self._unacked_messages.discard(message)
        waiting = self._waiting_for_ack
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        return True

    async def wait_empty(self) -> None:
        """Wait for the chunks in hand, and tell the broker the positions."""
        # Faust waits for every message that it has tracked, also for one that a suspended flow kept from the agent:
        # nobody acknowledges that one, and a stop or a rebalance would wait for it.
        while not self.should_stop and not await self.port.idle(_LOOK_S):
            await self.commit()
        self._unacked_messages.clear()
        await self.commit()

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:  # noqa: ARG002, FBT001, FBT002
        """Tell the broker the finished positions."""
        finished = self.port.flights.finished
        assigned = self.assignment() if finished else ()
        offsets = {tp: offset for tp, offset in finished.items() if tp in assigned}
        if not offsets or not await self._thread.commit(offsets):
            return False
        self.port.flights.told(offsets)
        return True

    async def perform_seek(self) -> None:
        """Put every assigned partition to the position that the ledger holds."""
        try:
            self._sought = await self._seek_to_ledger()
        except IllegalStateError:
            raise  # the partitions were taken away meanwhile; the next assignment seeks again
        except Exception as error:
            self.port.failed(error)
            raise

    async def seek_back(self) -> None:
        """Do the same outside a rebalance: one that comes in between seeks by itself."""
        try:
            await self.perform_seek()
        except IllegalStateError:
            self.log.info("a rebalance came before the seek")

    async def _back_into_range(self, fetched_from: Mapping[TP, int]) -> None:
        # The seek tells when the log was replaced or truncated; where it brings us back to the very position that was
        # out of range, it is the log's end that went missing.
        await self.seek_back()
        lost = {tp: position for tp, position in fetched_from.items() if self._sought.get(tp) == position}
        if lost:
            self.port.out_of_range(lost)

    async def _seek_to_ledger(self) -> Mapping[TP, int]:
        assigned = self.assignment()
        positions = await self.port.resume(await self._thread.earliest_offsets(*assigned)) if assigned else {}
        self.port.flights.forget()
        self.port.flights.begun(positions)
        if positions:
            await self._thread.seek_wait(positions)
        return positions

    def read_past(self) -> dict[TP, int]:
        """Return where reading stands in each partition that is folded less far, though nothing of it is in hand."""
        if self._handing_over or not self.flow_active:
            return {}
        return self.port.flights.read_past(self._thread.positions())

    async def reread(self, partitions: Iterable[TP]) -> None:
        """Read on from where these partitions are folded to."""
        folded = self.port.flights.positions
        with suppress(IllegalStateError):  # they were taken away meanwhile; the next assignment seeks
            await self._thread.seek_wait({tp: folded[tp] for tp in partitions if tp in folded})

    def lags(self) -> dict[TP, int]:
        """Return how many records of each assigned partition are not folded yet."""
        return self.port.flights.behind(self._thread.unfetched())

    async def on_partitions_revoked(self, revoked: Iterable[TP]) -> None:
        """Tell the broker what is finished before Faust forgets it."""
        await self.commit()
        await super().on_partitions_revoked(set(revoked))
        self.port.flights.drop(set(revoked))


class Transport(driver.Transport):  # type: ignore[misc]
    """Kafka in chunks, registered as `kafkachunk` in the entry-point group `faust.transports`."""

    Consumer: ClassVar[type[ChunkConsumer]] = ChunkConsumer
