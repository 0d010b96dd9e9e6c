"""A whole installation for end-to-end tests: the four services as processes, or those that run elsewhere."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
from confluent_kafka import Consumer, TopicPartition

from deploy.cli.running.service import ServiceProcess
from deploy.local.ports import free_port
from shared.contracts.topics import PARTITIONS, SERVICES, TOPICS
from shared.contracts.wire import decode
from shared.kit.auth import LTI, Tokens
from shared.kit.secret import ensure_secret, read_secret
from shared.kit.topics_admin import create_topics
from shared.testing.servers import Servers
from tests.unit.enrolment.platforms.registry import FILE as PLATFORMS

T = TypeVar("T")
ALL_SCOPES = (
    "events:write",
    "offerings:write",
    "credentials:write",
    "credentials:claim",
    "credentials:issue",
    "read",
    "learners:read",
    "learners:write",
    *LTI,
)
#: How long an answer may take where the machine does other things as well, seconds.
ANSWER_S = 20.0
_PATIENCE_S = 60.0
_START_S = 60.0


@dataclass(frozen=True)
class Town:
    """Where everything is, and how a test speaks to it."""

    urls: Mapping[str, str]
    secret_file: Path
    bootstrap: str
    topic_prefix: str = ""
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self, service: str, tenant: str, scopes: Sequence[str] = ALL_SCOPES) -> httpx.Client:
        """Return an HTTP client of one institution for one service."""
        token = Tokens(read_secret(self.secret_file)).issue(tenant, scopes, "e2e")
        headers = {"Authorization": f"Bearer {token}"}
        self.clients.append(httpx.Client(base_url=self.urls[service], headers=headers, timeout=ANSWER_S))
        return self.clients[-1]

    def close(self) -> None:
        """Give the connections back."""
        for client in self.clients:
            client.close()

    def heard(self, topic: str, tenant: str, learner_ref: str) -> list[Any]:
        """Return the events of one learner that stand on a topic, oldest first."""
        table = next(each for each in TOPICS if each.name == topic)
        consumer = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "e2e", "enable.auto.commit": False})
        try:
            consumer.assign([TopicPartition(self.topic_prefix + topic, number, 0) for number in range(PARTITIONS)])
            records = list(until_silent(consumer))
        finally:
            consumer.close()
        # By their key first: of other learners there are records on purpose that nobody can read.
        theirs = [record for record in records if record.key() == learner_ref.encode()]
        events = [decode(table, record.value(), record.headers() or ()) for record in theirs]
        return [event for event in events if event.tenant == tenant]


def until_silent(consumer: Consumer) -> Iterator[Any]:
    """Yield the records of a consumer, until nothing comes any more."""
    # The embedded broker's end offsets cannot be trusted: the end is where nothing comes any more.
    silent_since = time.monotonic()
    while time.monotonic() - silent_since < 1.5:
        for record in consumer.consume(500, 0.2):
            if record.error() is None:
                silent_since = time.monotonic()
                yield record


def eventually(ask: Callable[[], T | None], wanted: str, patience_s: float = _PATIENCE_S) -> T:
    """Ask until there is an answer, and fail naming what was wanted."""
    deadline = time.monotonic() + patience_s
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"after {patience_s:g} s still not: {wanted}"
        time.sleep(0.1)


@contextmanager
def running_town(servers: Servers, folder: Path, prefix: str) -> Iterator[Town]:
    """Start the four services on these servers, with topics and databases of their own."""
    secret = folder / "token-secret"
    ensure_secret(secret)
    create_topics(servers.bootstrap, prefix=prefix)
    with ExitStack() as running:
        services = {name: _service(name, servers, folder, prefix) for name in SERVICES}
        for service in services.values():
            service.launch()
            running.callback(service.stop)
        for service in services.values():
            eventually(service.ready, f"{service.name} is ready, its log is {service.log}", _START_S)
        town = Town({name: each.url for name, each in services.items()}, secret, servers.bootstrap, prefix)
        running.callback(town.close)
        yield town


def _service(name: str, servers: Servers, folder: Path, prefix: str) -> ServiceProcess:
    return ServiceProcess(name, free_port(), folder / f"{name}.log", environment(servers, folder, prefix))


def environment(servers: Servers, folder: Path, prefix: str) -> dict[str, str]:
    """Return the settings of a town's services."""
    return {
        "MICROCRED_KAFKA_BOOTSTRAP": servers.bootstrap,
        "MICROCRED_MONGO_URL": servers.mongo_url,
        "MICROCRED_DATABASE_PREFIX": prefix.replace(".", "_"),
        "MICROCRED_TOPIC_PREFIX": prefix,
        "MICROCRED_TOKEN_SECRET_FILE": str(folder / "token-secret"),
        "MICROCRED_KEY_FILE": str(folder / "issuer-key"),
        "MICROCRED_SESSION_TIMEOUT_S": "6",
        "MICROCRED_PLATFORMS_FILE": str(_registered(folder)),
    }


def _registered(folder: Path) -> Path:
    file = folder / "platforms.json"
    file.write_text(json.dumps(PLATFORMS))
    return file


def town_from_environment() -> Town | None:
    """Return the installation that the environment names, as `deploy/check/compose-up` does, or None."""
    if "MICROCRED_ENROLMENT_URL" not in os.environ:
        return None
    return Town(
        {name: os.environ[f"MICROCRED_{name.upper()}_URL"] for name in SERVICES},
        Path(os.environ["MICROCRED_TOKEN_SECRET_FILE"]),
        os.environ["KAFKA_BOOTSTRAP"],
    )
