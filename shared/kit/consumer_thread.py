"""The thread that talks to the broker for the transport: joins by range, fetches, commits within a bound."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiokafka
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from mode.threads import WorkerThread

from shared.kit.pauses import give_pauses

_COMMIT_BOUND_S = 4.0
_LEAVE_BOUND_S = 5.0
_RETRY_MS = 500


class Fetched(dict[Any, Any]):
    """Records by partition, and the position of each partition before the fetch."""

    begins: Mapping[Any, int] = {}


class _Daemon(WorkerThread):  # type: ignore[misc]
    """A thread that does not keep a process alive which gave up waiting for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.daemon = True


class ChunkThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """Faust's consumer thread with our consumer."""

    Worker = _Daemon

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """No fetch was begun yet."""
        super().__init__(*args, **kwargs)
        self._latest_fetch = 0

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        conf = self.app.conf
        consumer = aiokafka.AIOKafkaConsumer(
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
            # For every broker that is away each try costs two connections, a look at all others, and three lines of
            # log. aiokafka's own ten tries a second took a tenth of a processor from a worker that has nothing to do.
            retry_backoff_ms=_RETRY_MS,
            check_crcs=conf.broker_check_crcs,
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
            metadata_max_age_ms=conf.consumer_metadata_max_age_ms,
            connections_max_idle_ms=conf.consumer_connections_max_idle_ms,
            **driver.credentials_to_aiokafka_auth(conf.broker_credentials, conf.ssl_context),
        )
        give_pauses(consumer._client)  # noqa: SLF001 - it makes its client itself
        return consumer

    def give_up_fetch(self) -> None:
        """Note that nobody waits any more for what the latest fetch brings."""
        self._latest_fetch += 1

    async def put_back(self, fetched: Fetched) -> None:
        """Let be fetched again what a fetch has brought."""
        await self.call_thread(self._put_back, fetched)

    async def _put_back(self, fetched: Fetched) -> None:
        _put_back(self._ensure_consumer(), fetched)

    async def _fetch_records(self, consumer: aiokafka.AIOKafkaConsumer, *args: Any, **kwargs: Any) -> Fetched:
        self._latest_fetch += 1
        this = self._latest_fetch
        before = {tp: state.position for tp, state in _states(consumer).items()}
        fetched = Fetched(await super()._fetch_records(consumer, *args, **kwargs))
        if this != self._latest_fetch:
            # Faust gave it up at a rebalance, and its thread goes on with it, beside the next one. That one noted its
            # position before: it would seem to begin there, and hide that these records are missing.
            _put_back(consumer, fetched)
            return Fetched()
        fetched.begins = {
            partition: min(before.get(partition, records[0].offset), records[0].offset)
            for partition, records in fetched.items()
        }
        return fetched

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        # The group's offsets only show the lag: a commit that fails is no reason to stop. aiokafka itself would try
        # for ever while the broker is away, and hold up a stop.
        mine = {driver.ensure_aiokafka_TP(tp): offset for tp, offset in offsets.items() if tp in self.assignment()}
        try:
            await asyncio.wait_for(self._ensure_consumer().commit(mine), _COMMIT_BOUND_S)
        except (KafkaError, TimeoutError) as error:
            self.log.warning("the broker did not take the group's offsets: %r", error)
            return False
        return True

    def close(self) -> None:
        """Leave it to the stop, which Faust calls this beside when a rebalance comes meanwhile.

        Faust's own closes the client at once, and in another loop than its own: nobody could tell the group any more
        that this worker leaves, and its partitions would wait for the end of its session.
        """

    async def on_thread_stop(self) -> None:
        """Leave the group, within a bound."""
        # While the broker is away aiokafka's fetcher lets its own cancellation out of `stop`; the thread would end
        # without saying so, and Faust wait for it.
        try:
            await asyncio.wait_for(super().on_thread_stop(), _LEAVE_BOUND_S)
        except (asyncio.CancelledError, KafkaError, TimeoutError) as error:
            self.log.warning("the broker was not told that this worker leaves: %r", error)

    def unfetched(self) -> dict[TP, int]:
        """Return how many records of each partition stand on the log behind what was fetched."""
        return {tp: max((state.highwater or 0) - state.position, 0) for tp, state in self._known().items()}

    def positions(self) -> dict[TP, int]:
        """Return up to where each partition was fetched."""
        return {tp: state.position for tp, state in self._known().items()}

    def _known(self) -> dict[TP, Any]:
        states = _states(self._consumer) if self._consumer is not None else {}
        return {TP(tp.topic, tp.partition): state for tp, state in states.items()}


def _put_back(consumer: aiokafka.AIOKafkaConsumer, fetched: Fetched) -> None:
    """Let be fetched again what nobody was handed; a partition that was put elsewhere meanwhile stays there."""
    states = _states(consumer)
    for partition, records in fetched.items():
        state = states.get(partition)
        if state is not None and state.position > records[0].offset:
            consumer.seek(partition, records[0].offset)


def _states(consumer: aiokafka.AIOKafkaConsumer) -> dict[Any, Any]:
    """Return aiokafka's own state of each assigned partition whose position is known."""
    subscription = consumer._subscription.subscription  # noqa: SLF001 - `position()` would wait, and ask the broker
    assignment = subscription.assignment if subscription is not None else None
    if assignment is None:
        return {}
    states = {tp: assignment.state_value(tp) for tp in assignment.tps}
    return {tp: state for tp, state in states.items() if state is not None and state.has_valid_position}
