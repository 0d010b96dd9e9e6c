"""The Faust transport `kafkachunk://`: hands over whole fetches, and acknowledges nothing that is not done.

Each override stands where Faust 0.15 or aiokafka 0.14 loses or stalls; `tests/integration/kit/test_transport_traps.py`
has a test for each.
"""

import asyncio
from collections import UserDict
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any, ClassVar, Protocol

import aiokafka
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from shared.kit.flights import Fetch, Flights

_COMMIT_BOUND_S = 5.0


class Port(Protocol):
    """What the transport asks of the engine: `app.port`."""

    flights: Flights

    async def resume(self, earliest: Mapping[TP, int]) -> Mapping[TP, int]:
        """Say again what the ledger holds for these partitions, and return the position of each."""
        ...


class _NeverRead(UserDict[Any, None]):
    """Faust's own read offsets, which would drop what it believes to have seen: always unknown."""

    def __getitem__(self, key: Any) -> None:
        return None

    def __setitem__(self, key: Any, item: Any) -> None:
        """Forget it."""


class _Fetched(dict[Any, Any]):
    """Records by partition, and the position of each partition before the fetch."""

    begins: Mapping[Any, int] = {}


class ChunkThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """The thread that talks to the broker."""

    def _create_worker_consumer(self, transport: "Transport") -> aiokafka.AIOKafkaConsumer:
        conf = self.app.conf
        return aiokafka.AIOKafkaConsumer(
            client_id=conf.broker_client_id,
            group_id=conf.id,
            group_instance_id=conf.consumer_group_instance_id,
            bootstrap_servers=driver.server_list(transport.url, transport.default_port),
            # By range, so that the same partition number of every topic is with one worker.
            partition_assignment_strategy=[RangePartitionAssignor],
            enable_auto_commit=False,
            # Positions come from the ledger; a position that is out of range must never be moved in silence.
            auto_offset_reset="none",
            max_poll_records=conf.broker_max_poll_records,
            max_poll_interval_ms=int(conf.broker_max_poll_interval * 1000),
            max_partition_fetch_bytes=conf.consumer_max_fetch_size,
            fetch_max_wait_ms=500,
            request_timeout_ms=int(conf.broker_request_timeout * 1000),
            check_crcs=conf.broker_check_crcs,
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
            metadata_max_age_ms=conf.consumer_metadata_max_age_ms,
            connections_max_idle_ms=conf.consumer_connections_max_idle_ms,
            **driver.credentials_to_aiokafka_auth(conf.broker_credentials, conf.ssl_context),
        )

    async def _fetch_records(self, consumer: aiokafka.AIOKafkaConsumer, *args: Any, **kwargs: Any) -> _Fetched:
        before = _positions(consumer)
        fetched = _Fetched(await super()._fetch_records(consumer, *args, **kwargs))
        fetched.begins = {
            partition: min(before.get(partition, records[0].offset), records[0].offset)
            for partition, records in fetched.items()
        }
        return fetched

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        # The group's offsets only show the lag: a commit that fails is no reason to stop.
        try:
            await self._ensure_consumer().commit(
                {driver.ensure_aiokafka_TP(tp): offset for tp, offset in offsets.items() if tp in self.assignment()}
            )
        except KafkaError as error:
            self.log.warning("the broker did not take the group's offsets: %r", error)
            return False
        return True


class ChunkConsumer(driver.Consumer):  # type: ignore[misc]
    """Delivers one message for each fetch; its value is a `Fetch`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take over Faust's bookkeeping of read offsets."""
        super().__init__(*args, **kwargs)
        self._read_offset = _NeverRead()
        self.port: Port = self.app.port

    def _new_consumer_thread(self) -> ChunkThread:
        return ChunkThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 - Faust's name
        """Yield what one fetch brought as one message."""
        if not await self.port.flights.room(timeout):
            return
        records, _ = await self._wait_next_records(timeout)
        if not records or self.should_stop or not self.flow_active:
            # A stopped flow ends in `perform_seek`, which puts every partition back to its ledger's position; should
            # it not, the next batch begins above that position, and the chunk function refuses it as a hole.
            return
        fetch = Fetch(records, records.begins)
        first = next(iter(records))
        self.port.flights.opened(fetch)
        yield TP(first.topic, first.partition), self._as_message(fetch, first)

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
        driver_notify(self._waiting_for_ack)
        return True

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:  # noqa: ARG002, FBT001, FBT002
        """Tell the broker the finished positions, within a bound: a broker that is away must not hold a stop."""
        assigned = self.assignment()
        offsets = {tp: offset for tp, offset in self.port.flights.finished.items() if tp in assigned}
        if not offsets:
            return False
        try:
            told = await asyncio.wait_for(self._thread.commit(offsets), _COMMIT_BOUND_S)
        except TimeoutError:
            return False
        if told:
            self.port.flights.told(offsets)
        return bool(told)

    async def perform_seek(self) -> None:
        """Put every assigned partition to the position that the ledger holds."""
        assigned = self.assignment()
        positions = await self.port.resume(await self._thread.earliest_offsets(*assigned)) if assigned else {}
        self.port.flights.forget()
        if positions:
            await self._thread.seek_wait(positions)

    async def on_partitions_revoked(self, revoked: Iterable[TP]) -> None:
        """Tell the broker what is finished before Faust forgets it."""
        await self.commit()
        await super().on_partitions_revoked(set(revoked))
        self.port.flights.drop(set(revoked))


class Transport(driver.Transport):  # type: ignore[misc]
    """Kafka in chunks, registered as `kafkachunk` in the entry-point group `faust.transports`."""

    Consumer: ClassVar[type[ChunkConsumer]] = ChunkConsumer


def driver_notify(future: Any) -> None:
    """Wake whoever waits for an acknowledgement."""
    if future is not None and not future.done():
        future.set_result(None)


def _positions(consumer: aiokafka.AIOKafkaConsumer) -> dict[Any, int]:
    subscription = consumer._subscription.subscription  # noqa: SLF001 - `position()` would wait, and ask the broker
    assignment = subscription.assignment if subscription is not None else None
    if assignment is None:
        return {}
    states = {tp: assignment.state_value(tp) for tp in assignment.tps}
    return {tp: state.position for tp, state in states.items() if state is not None and state.has_valid_position}
