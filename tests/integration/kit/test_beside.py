"""A worker with a process that folds beside its own, on real servers: they are one, and they end as one."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.integration.kit.process import Running, running
from tests.integration.kit.rig import PARTITIONS, Rig, until

COMMAND = [sys.executable, "-m", "tests.chaos.counting_service", "--role", "worker"]
TOPICS = ("platform.events", "passed", "counting.dead-letters")


class Counting:
    """The counting service over a rig's topics, in a database of its own."""

    def __init__(self, rig: Rig, folder: Path) -> None:
        self.rig, self.folder = rig, folder
        self.database = f"{rig.name}counting"

    @contextmanager
    def worker(self) -> Iterator[Running]:
        """Run a worker in a session of its own, so that signals to its group reach nobody else."""
        settings = {
            "kafka_bootstrap": self.rig.bootstrap,
            "mongo_url": self.rig.mongo_url,
            "topic_prefix": self.rig.prefix,
            "database_prefix": self.rig.name,
            "session_timeout_s": 6,
            "fetch_records": 100,
            "folding_processes": 2,
        }
        with running(["setsid", *COMMAND], self.folder, **settings) as process:
            process.saw("service.started")
            yield process

    async def counted(self, events: int) -> None:
        """Return when so many events are counted, none twice and none out of order."""

        async def there() -> bool:
            return (await asyncio.to_thread(self._totals))[0] >= events

        await until(there, 20, f"{events} events are not counted")
        assert await asyncio.to_thread(self._totals) == (events, 0)

    def _totals(self) -> tuple[int, int]:
        with MongoClient[dict[str, Any]](self.rig.mongo_url) as client:
            counts = list(client[self.database]["counts"].find())
        return sum(each["events"] for each in counts), sum(each["disorder"] for each in counts)

    def folders(self) -> set[bytes]:
        """Return what the partitions' ledger documents say whose transactions fold them."""
        with MongoClient[dict[str, Any]](self.rig.mongo_url) as client:
            found = list(client[self.database]["ledger"].find({"topic": TOPICS[0]}))
        assert len(found) == PARTITIONS
        return {each["by"] for each in found}


@pytest.fixture
async def counting(rig: Rig, tmp_path: Path) -> Any:
    await asyncio.to_thread(rig.make_topics, [TOPICS[2]])
    made = Counting(rig, tmp_path)
    yield made
    with MongoClient[dict[str, Any]](rig.mongo_url) as client:
        client.drop_database(made.database)


def beside(worker: Running) -> list[int]:
    """Return the processes that a worker has forked."""
    return [
        int(each) for each in Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children").read_text().split()
    ]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_both_fold_and_when_all_of_their_group_are_told_to_end_nothing_is_left_in_the_middle(
    counting: Counting,
) -> None:
    with counting.worker() as worker:
        (other,) = beside(worker)
        await counting.rig.publish(2_000)
        await counting.counted(2_000)
        (by,) = counting.folders()
        assert len(by) == 2 * 8 * 16, "the sessions of both stand in the ledger, for whoever takes over"
        await counting.rig.publish(2_000)
        os.killpg(worker.process.pid, signal.SIGTERM)
        assert await asyncio.to_thread(worker.status) == 0
        assert not alive(other)
    with counting.worker():
        await counting.counted(4_000)


async def test_when_the_one_beside_is_killed_the_worker_says_so_ends_and_nothing_is_missing(
    counting: Counting,
) -> None:
    with counting.worker() as worker:
        await counting.rig.publish(3_000)
        (other,) = beside(worker)
        os.kill(other, signal.SIGKILL)
        assert await asyncio.to_thread(worker.status) == 1
        failed = worker.saw("worker.failed")
        assert failed["error"] == "FolderLost"
        assert "signal 9" in failed["reason"]
        assert "memory limit" in failed["reason"]
    with counting.worker():
        await counting.counted(3_000)


async def test_when_the_worker_is_killed_the_one_beside_ends_with_it(counting: Counting) -> None:
    with counting.worker() as worker:
        (other,) = beside(worker)
        await counting.rig.publish(3_000)
        worker.process.kill()

        async def gone() -> bool:
            return not alive(other)

        await until(gone, 5, "the process beside a killed worker lives on")
    with counting.worker():
        await counting.counted(3_000)
