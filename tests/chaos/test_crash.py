"""kill -9 a worker in the middle of 20,000 events, start it again: nothing lost, nothing doubled. For each service."""

import asyncio
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.cli.demo_data.courses import courses
from deploy.cli.demo_data.generate import generate
from deploy.local.checks import free_port
from deploy.local.process import Process
from services.analytics.stream import worker as analytics
from services.assessment.stream import worker as assessment
from services.enrolment.stream import worker as enrolment
from services.issuance.credential import Names
from services.issuance.signer import signer_from
from services.issuance.stream import worker_for
from shared.contracts.assessment import LearnerPassed, Pass, PassWithdrawn, Withdrawal
from shared.contracts.enrolment import LearnerEnrolled, OfferingPublished
from shared.contracts.envelope import Event, derived_id, utc
from shared.contracts.platform import ResultReported
from shared.contracts.topics import CATALOGUE, ENROLLED, PASSED, PLATFORM_EVENTS, TOPICS
from shared.contracts.wire import decode
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import ensure_secret
from shared.kit.topics_admin import create_topics
from shared.kit.worker import Worker
from shared.testing.servers import Servers
from tests.chaos.oracle import Oracle, documents_of, outputs_of

PUBLIC_URL = "http://localhost:8003"
KILLS_AT = (0.25, 0.6)
"""At which shares of the events the worker is killed."""
PATIENCE_S = 90.0
PASSES = 19_000
TENANT = "uni"


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
        """Return how many records the worker has folded, by its ledger."""
        with MongoClient[dict[str, Any]](self.servers.mongo_url) as client:
            return sum(each["next"] for each in client[self.database(service)]["ledger"].find())

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
        command = [sys.executable, "-m", f"services.{service}.main", "--role", "worker"]
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

    def fold_with_kills(self, service: str, already: int, total: int) -> None:
        """Let workers fold everything, one after another, each but the last killed in the middle."""
        for share in KILLS_AT:
            worker = self.start(service)
            self.wait_until(service, already + int(share * (total - already)), worker)
            worker.signal(signal.SIGKILL)
            worker.stop(5)
            assert self.folded(service) < total, "killed too late to show anything"
        with self.running(service) as worker:
            self.wait_until(service, total, worker)


@pytest.fixture
def ground(servers: Servers, fresh_name: str, tmp_path: Path) -> Ground:
    create_topics(servers.bootstrap, prefix=fresh_name + ".")
    return Ground(servers, fresh_name + ".", tmp_path)


def compare(ground: Ground, worker: Worker, oracle: Oracle) -> None:
    """Hold all of the database and all output topics against the oracle."""
    must, does = oracle.documents(), documents_of(ground.servers.mongo_url, ground.database(worker.service))
    assert {name: len(held) for name, held in does.items()} == {name: len(held) for name, held in must.items()}
    for name, held in must.items():
        wrong = [key for key, document in held.items() if does[name].get(key) != document]
        assert wrong == [], f"{len(wrong)} of {len(held)} documents in {name}, for example {wrong[0]}"
    must_say, does_say = outputs_of(ground.servers.bootstrap, ground.prefix, worker, oracle.said)
    assert len(does_say - must_say) == 0, "something was said that does not follow from the events"
    assert len(must_say - does_say) == 0, "something was never said"


def events_of(oracle: Oracle) -> list[Event]:
    topics = {topic.name: topic for topic in TOPICS}
    return [decode(topics[said.topic], said.value, said.headers) for said in oracle.said if said.topic in topics]


def reported(learners: int) -> tuple[list[Event], list[Any]]:
    """Return offerings, and what platforms report of so many learners."""
    events = generate(learners, 7, TENANT).events
    offered: list[Event] = [event for event in events if isinstance(event, OfferingPublished)]
    return offered, [event for event in events if not isinstance(event, OfferingPublished)]


@pytest.mark.timeout(240)
def test_enrolment(ground: Ground):
    _, told = reported(3_000)
    assert len(told) >= 20_000
    ground.publish(told)
    ground.fold_with_kills("enrolment", 0, len(told))
    oracle = ground.oracle(enrolment, {PLATFORM_EVENTS.name: len(told)})
    compare(ground, enrolment, oracle)
    places = {(e.learner_ref, e.data.offering) for e in told if e.type == "microcred.learner.registered.v1"}
    said = {(e.learner_ref, e.data.offering) for e in events_of(oracle) if isinstance(e, LearnerEnrolled)}
    assert said == places


@pytest.mark.timeout(240)
def test_assessment(ground: Ground):
    offered, told = reported(3_000)
    places = {(e.learner_ref, e.data.offering): e for e in told if e.type == "microcred.learner.registered.v1"}
    enrolled = [_enrolled(event) for event in places.values()]
    results = [event for event in told if event.type.startswith("microcred.result.")]
    known = len(offered) + len(enrolled)
    # Offerings and enrolments first, so that each learner's order is that of one topic, for worker and oracle alike.
    ground.publish([*offered, *enrolled])
    with ground.running("assessment") as worker:
        ground.wait_until("assessment", known, worker)
    ground.publish(results)
    total = known + len(results)
    ground.fold_with_kills("assessment", known, total)
    oracle = ground.oracle(
        assessment,
        {CATALOGUE.name: len(offered), ENROLLED.name: len(enrolled), PLATFORM_EVENTS.name: len(results)},
    )
    compare(ground, assessment, oracle)
    marked = {e.id for e in results if isinstance(e, ResultReported) and e.data.score is not None}
    voided = {e.data.result_id for e in results if e.type == "microcred.result.voided.v1"}
    graded = {e.data.result_id for e in events_of(oracle) if e.type == "microcred.learner.assessed.v1"}
    assert marked - voided <= graded <= marked


def _enrolled(event: Any) -> LearnerEnrolled:
    return LearnerEnrolled(
        id=derived_id("enrolled", event.id),
        source="test",
        time=event.time,
        tenant=event.tenant,
        learner_ref=event.learner_ref,
        data={"offering": event.data.offering, "registration_id": event.id},
    )


def passed(number: int, offering: str) -> LearnerPassed:
    return LearnerPassed(
        id=f"pass-{number}",
        source="test",
        time=utc("2026-01-01T00:00:00Z"),
        tenant=TENANT,
        learner_ref=f"learner-{number}",
        data=Pass(offering=offering, grade_percent=70, policy_version="0" * 12, ordinal=1),
    )


def withdrawn(number: int, offering: str) -> PassWithdrawn:
    return PassWithdrawn(
        id=f"withdrawal-{number}",
        source="test",
        time=utc("2026-01-02T00:00:00Z"),
        tenant=TENANT,
        learner_ref=f"learner-{number}",
        data=Withdrawal(offering=offering, pass_id=f"pass-{number}", reason="result voided"),
    )


def passes() -> list[Event]:
    """Return 19,000 passes, every nineteenth of them taken back."""
    names = [course.offering.offering for course in courses()]
    events: list[Event] = []
    for number in range(PASSES):
        offering = names[number % len(names)]
        events.append(passed(number, offering))
        if number % 19 == 0:
            events.append(withdrawn(number, offering))
    return events


@pytest.mark.timeout(240)
def test_issuance(ground: Ground):
    offered, _ = reported(1)
    told = passes()
    ground.publish(offered)
    with ground.running("issuance") as worker:
        ground.wait_until("issuance", len(offered), worker)
    ground.publish(told)
    ground.fold_with_kills("issuance", len(offered), len(offered) + len(told))
    worker_of_the_oracle = worker_for(signer_from(ground.folder / "issuer-key"), Names(PUBLIC_URL))
    oracle = ground.oracle(worker_of_the_oracle, {CATALOGUE.name: len(offered), PASSED.name: len(told)})
    compare(ground, worker_of_the_oracle, oracle)
    issued = [e for e in events_of(oracle) if e.type == "microcred.credential.issued.v1"]
    assert len({e.data.credential_id for e in issued}) == len(issued) == PASSES
    assert len({(e.data.status_list, e.data.status_index) for e in issued}) == PASSES
    assert sum(e.type == "microcred.credential.revoked.v1" for e in events_of(oracle)) == PASSES // 19


@pytest.mark.timeout(240)
def test_analytics(ground: Ground):
    offered, told = reported(2_000)
    places = {(e.learner_ref, e.data.offering): e for e in told if e.type == "microcred.learner.registered.v1"}
    journeys: list[Event] = [*map(_enrolled, places.values()), *passes()]
    ground.publish([*offered, *journeys])
    total = len(offered) + len(journeys)
    assert total >= 20_000
    ground.fold_with_kills("analytics", 0, total)
    enrolled = sum(isinstance(event, LearnerEnrolled) for event in journeys)
    expected = {CATALOGUE.name: len(offered), ENROLLED.name: enrolled, PASSED.name: len(journeys) - enrolled}
    oracle = ground.oracle(analytics, expected)
    compare(ground, analytics, oracle)
    funnel = documents_of(ground.servers.mongo_url, ground.database("analytics"))["funnel"].values()
    assert sum(each.get("enrolled", 0) for each in funnel) == len(places)
