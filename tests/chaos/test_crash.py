"""kill -9 each service in the middle of 20,000 events, start it again: the checker that stands apart finds nothing."""

import asyncio
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.local.checks import free_port
from deploy.local.process import Process
from shared.contracts.envelope import Event
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import ensure_secret
from shared.kit.topics_admin import create_topics
from shared.testing.servers import Servers
from tests.chaos.checker.check import Subject
from tests.chaos.hand import PUBLIC_URL
from tests.chaos.scene import table_of
from tests.chaos.stories import story_of

EVENTS = 20_000
KILL_AT = 0.4
SEED = 20_261_124
PATIENCE_S = 90.0
_number = count(1)


@dataclass(frozen=True)
class Site:
    """One service's topics, database and worker process."""

    service: str
    servers: Servers
    prefix: str
    folder: Path

    @property
    def database(self) -> str:
        return self.prefix.replace(".", "_") + self.service

    def publish(self, events: Sequence[Event]) -> int:
        async def go() -> None:
            publisher = KafkaPublisher(self.servers.bootstrap, topic_prefix=self.prefix)
            await publisher.publish(events)
            await publisher.close()

        asyncio.run(go())
        return len(events)

    def start(self) -> Process:
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
        command = [sys.executable, "-m", f"services.{self.service}.main", "--role", "worker"]
        return Process(self.service, command, self.folder / f"{self.service}-{next(_number)}.log", environment)

    def folded(self) -> int:
        told = {"topic": {"$not": {"$regex": r"\.fanout$"}, "$exists": True}}
        with MongoClient[dict[str, Any]](self.servers.mongo_url) as client:
            return sum(each["next"] for each in client[self.database]["ledger"].find(told))

    def wait_until(self, records: int, worker: Process) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while (done := self.folded()) < records:
            assert worker.running, f"the worker ended by itself: {worker.log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"{done} of {records} records folded: {worker.log.read_text()[-2000:]}"
            time.sleep(0.01)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("service", ["enrolment", "assessment", "issuance", "analytics"])
def test_a_service_that_is_killed_loses_and_doubles_nothing(
    servers: Servers, fresh_name: str, tmp_path: Path, service: str
):
    site = Site(service, servers, fresh_name + ".", tmp_path)
    create_topics(servers.bootstrap, prefix=site.prefix)
    story = story_of(service, SEED)
    worker, told = site.start(), 0
    for phase in story.phases:
        told += site.publish(phase)
        site.wait_until(told, worker)
    quiet = told
    told += site.publish(list(islice(story.stream, EVENTS)))
    site.wait_until(quiet + int(KILL_AT * EVENTS), worker)
    worker.signal(signal.SIGKILL)
    worker.stop(5)
    assert site.folded() < told, "killed too late to show anything"
    worker = site.start()
    site.wait_until(told, worker)
    worker.stop(20)
    table = table_of(service, tmp_path / "issuer-key")
    verdict = Subject(table, servers.bootstrap, site.prefix, servers.mongo_url, site.database).check()
    assert [str(finding) for finding in verdict.findings[:5]] == []
    assert (verdict.inputs, verdict.documents > 0) == (told, True)
