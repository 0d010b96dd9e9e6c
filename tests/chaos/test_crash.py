"""kill -9 each service in the middle of 20,000 events, start it again: the checker finds nothing."""

import asyncio
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.local.ports import free_port
from shared.contracts.envelope import Event
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import ensure_secret
from shared.kit.topics_admin import TopicsAdmin
from shared.testing.servers import Servers
from tests.chaos.checker.check import Subject
from tests.chaos.hand import PUBLIC_URL, Hand, started
from tests.chaos.scene import table_of
from tests.chaos.stories import story_of
from tests.chaos.topics import topics_of

EVENTS = 20_000
FETCH_RECORDS = 500  # so that a chunk is a small part of them
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
    nursery: Path
    watching: MongoClient[dict[str, Any]]

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

    def start(self) -> Hand:
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
            "MICROCRED_FETCH_RECORDS": str(FETCH_RECORDS),
        }
        log = self.folder / f"{self.service}-{next(_number)}.log"
        return started(self.nursery, self.service, environment, log)

    def folded(self) -> int:
        told = {"topic": {"$not": {"$regex": r"\.fanout$"}, "$exists": True}}
        return sum(each["next"] for each in self.watching[self.database]["ledger"].find(told))

    def wait_until(self, records: int, worker: Hand) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while (done := self.folded()) < records:
            assert worker.running, f"the worker ended by itself: {worker.log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"{done} of {records} records folded: {worker.log.read_text()[-2000:]}"
            time.sleep(0.05)


@pytest.fixture
def site(servers: Servers, fresh_name: str, tmp_path: Path, nursery: Path, service: str) -> Iterator[Site]:
    with MongoClient[dict[str, Any]](servers.mongo_url) as watching:
        yield Site(service, servers, fresh_name + ".", tmp_path, nursery, watching)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("service", ["enrolment", "assessment", "issuance", "analytics"])
def test_a_service_that_is_killed_loses_and_doubles_nothing(site: Site, service: str):
    table = table_of(service, site.folder / "issuer-key")
    TopicsAdmin(site.servers.bootstrap, prefix=site.prefix).create(topics_of(table))
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
    verdict = Subject(table, site.servers.bootstrap, site.prefix, site.servers.mongo_url, site.database).check()
    assert [str(finding) for finding in verdict.findings[:5]] == []
    assert (verdict.inputs, verdict.documents > 0) == (told, True)
