"""The door of enrolment on this machine: broker, database and two API processes, with an offering that is known."""

import http.client
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import httpx

from bench.errors import EffectsLost
from bench.platform_bodies import COURSE, EXAM, RUN
from bench.truth import SaidLog
from deploy.cli.tokens import make_token
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.process import Process
from deploy.local.stack import LocalStack
from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.secret import ensure_secret
from shared.kit.topics_admin import create_topics

CONNECTIONS = 4
APIS = 2
"""API processes, one for each processor, as operations scale them; the connections are dealt out to them."""
TENANT, PLATFORM, OFFERING = "bench", "lms-1", "digital-skills-15"
_READY_S = 60.0
_TOKEN_S = 86_400
_DEFINITION: dict[str, Any] = {
    "achievement": {"name": "Data skills", "description": "Reads tables.", "criteria": "Pass the exam."},
    "issuer": {"name": "Bench University"},
    "policy": {"components": [{"id": "exam", "weight": 1}], "pass_mark": 50},
    "runs": [{"course": COURSE, "run": RUN, "activities": [{"id": EXAM, "component": "exam"}]}],
}


@dataclass(frozen=True, slots=True)
class Doorway:
    """Where the door is, and what it leaves on the log."""

    stack: LocalStack
    ports: Sequence[int]
    headers: dict[str, str]
    said: SaidLog

    def send(self, path: str, bodies: Sequence[bytes]) -> float:
        """Send the bodies over all connections at once, each as soon as one is free, and return the seconds it took.

        Raises:
            EffectsLost: a request was not answered with 200.

        """
        waiting: SimpleQueue[bytes] = SimpleQueue()
        for body in bodies:
            waiting.put(body)
        answers: list[int] = []
        senders = [
            threading.Thread(target=self._post, args=(self.ports[number % len(self.ports)], path, waiting, answers))
            for number in range(CONNECTIONS)
        ]
        began = time.perf_counter()
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        seconds = time.perf_counter() - began
        if (good := answers.count(200)) != len(bodies):
            raise EffectsLost(path, "answers", good, len(bodies))
        return seconds

    def check(self, name: str, count: int) -> None:
        """Raise `EffectsLost` unless this many events, each once, stand on the log since the last look."""
        ids = self.said.fresh()[PLATFORM_EVENTS.name]
        if not len(ids) == len(set(ids)) == count:
            raise EffectsLost(name, "events", len(set(ids)), count)

    def _post(self, port: int, path: str, waiting: SimpleQueue[bytes], answers: list[int]) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
        try:
            while True:
                connection.request("POST", path, waiting.get_nowait(), self.headers)
                answer = connection.getresponse()
                answer.read()
                answers.append(answer.status)
        except Empty:
            connection.close()


@contextmanager
def doorway() -> Iterator[Doorway]:
    """Start everything in a temporary folder on Apache Kafka, and remove it all at the end."""
    with tempfile.TemporaryDirectory(prefix="microcred-bench-") as name, ExitStack() as running:
        folder, ports = Path(name), [free_port() for _ in range(APIS)]
        stack = running.enter_context(LocalStack("apache", folder))
        create_topics(stack.bootstrap)
        secret = ensure_secret(folder / "token-secret")
        environment = {
            "MICROCRED_KAFKA_BOOTSTRAP": stack.bootstrap,
            "MICROCRED_MONGO_URL": stack.mongo_url,
            "MICROCRED_TOKEN_SECRET_FILE": str(secret),
        }
        token = make_token(secret, TENANT, platform=PLATFORM, lifetime=_TOKEN_S)
        for port in ports:
            running.callback(_start(folder, "api", port, environment).stop)
        worker = _start(folder, "worker", free_port(), environment)
        try:
            _publish(ports[0], token)
        finally:
            worker.stop()
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": "1.0.3",
        }
        said = SaidLog(stack.bootstrap, "", [PLATFORM_EVENTS.name])
        running.callback(said.close)
        yield Doorway(stack, ports, headers, said)


def _start(folder: Path, role: str, port: int, environment: dict[str, str]) -> Process:
    command = (sys.executable, "-m", "services.enrolment.main", "--role", role)
    process = Process(role, command, folder / f"{role}-{port}.log", environment | {"MICROCRED_HTTP_PORT": str(port)})
    process.wait_until(lambda: _is_ready(port), _READY_S)
    return process


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://{LOOPBACK}:{port}/readyz", timeout=1).is_success
    except httpx.HTTPError:
        return False


def _publish(port: int, token: str) -> None:
    address = f"http://{LOOPBACK}:{port}/v1/offerings/{OFFERING}"
    headers = {"Authorization": f"Bearer {token}", "Prefer": "wait=10"}
    answer = httpx.put(address, json=_DEFINITION, headers=headers, timeout=30)
    if answer.status_code != 200:
        raise EffectsLost("doors", "offerings known", 0, 1)
