"""Where workers are killed: topics and databases of one test's own, and workers as processes."""

import asyncio
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from deploy.local.checks import free_port
from deploy.local.process import Process
from shared.contracts.envelope import Event
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import ensure_secret
from shared.kit.worker import Worker
from shared.testing.servers import Servers
from tests.chaos.oracle import Oracle

PUBLIC_URL = "http://localhost:8003"
KILLS_AT = (0.25, 0.6)
"""At which shares of the events the worker is killed."""
PATIENCE_S = 90.0
MODULES = {"counting": "tests.chaos.counting_service"}
"""Where a worker is started from that is no service of ours."""


@dataclass(frozen=True)
class Ground:
    """One test's own topics and database."""

    servers: Servers
    prefix: str
    folder: Path

    def publish(self, events: Sequence[Event]) -> None:
        async def go() -> None:
            publisher = KafkaPublisher(self.servers.bootstrap, topic_prefix=self.prefix)
            for start in range(0, len(events), 5_000):
                await publisher.publish(events[start : start + 5_000])
            await publisher.close()

        asyncio.run(go())

    def oracle(self, worker: Worker, expected: Mapping[str, int]) -> Oracle:
        oracle = Oracle(worker)
        asyncio.run(oracle.fold(self.servers.bootstrap, self.prefix, expected))
        return oracle

    def database(self, service: str) -> str:
        return self.prefix.replace(".", "_") + service

    def folded(self, service: str) -> int:
        """Return how many of the published records the worker has folded, by its ledger."""
        told = {"topic": {"$not": {"$regex": r"\.fanout$"}}}
        with MongoClient[dict[str, Any]](self.servers.mongo_url) as client:
            return sum(each["next"] for each in client[self.database(service)]["ledger"].find(told))

    def start(self, service: str) -> Process:
        ensure_secret(self.folder / "token-secret")
        environment = {
            "MICROCRED_KAFKA_BOOTSTRAP": self.servers.bootstrap,
            "MICROCRED_MONGO_URL": self.servers.mongo_url,
            "MICROCRED_DATABASE_PREFIX": self.prefix.replace(".", "_"),
            "MICROCRED_TOPIC_PREFIX": self.prefix,
            "MICROCRED_TOKEN_SECRET_FILE": str(self.folder / "token-secret"),
            "MICROCRED_KEY_FILE": str(self.folder / "issuer-key"),
            "MICROCRED_PUBLIC_URL": PUBLIC_URL,
            "MICROCRED_HTTP_PORT": str(free_port()),
            "MICROCRED_SESSION_TIMEOUT_S": "6",
            "MICROCRED_FETCH_RECORDS": "500",
        }
        command = [sys.executable, "-m", MODULES.get(service, f"services.{service}.main"), "--role", "worker"]
        return Process(service, command, self.folder / f"{service}-{time.monotonic_ns()}.log", environment)

    @contextmanager
    def running(self, service: str) -> Iterator[Process]:
        worker = self.start(service)
        try:
            yield worker
        finally:
            worker.stop(20)

    def wait_until(self, service: str, records: int, worker: Process) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while (done := self.folded(service)) < records:
            assert worker.running, f"the worker ended by itself: {worker.log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"{done} of {records} records folded: {worker.log.read_text()[-2000:]}"
            time.sleep(0.01)

    def fold_with_kills(self, service: str, already: int, total: int, kills_at: Sequence[float] = KILLS_AT) -> None:
        """Let workers fold everything, one after another, each but the last killed in the middle."""
        for share in kills_at:
            worker = self.start(service)
            self.wait_until(service, already + int(share * (total - already)), worker)
            worker.signal(signal.SIGKILL)
            worker.stop(5)
            assert self.folded(service) < total, "killed too late to show anything"
        with self.running(service) as worker:
            self.wait_until(service, total, worker)
