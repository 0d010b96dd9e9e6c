"""Broker and database in Docker containers, started by testcontainers."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from pymongo.errors import PyMongoError

from deploy.local.ports import free_port
from deploy.local.probes import kafka_answers
from deploy.local.replicaset import REPLICA_SET, become_primary

KAFKA_IMAGE = "apache/kafka:4.1.0"
MONGO_IMAGE = "mongo:8.0"
MONGO_PORT = 27017
CONTROLLER_PORT = 29093
SECONDS = 90.0  # until a container answers
ENGINE_SECONDS = 15.0


class DockerUnavailable(Exception):
    """Docker cannot give us servers; the message says why and what to do."""


@contextmanager
def containers() -> Iterator[tuple[str, str]]:
    """Yield bootstrap address and MongoDB URL of fresh containers; raises `DockerUnavailable`."""
    _check_engine()
    with ExitStack() as running:
        port = free_port()
        with _refusals_explained():
            mongo = _started(running, _mongo())
            host = mongo.get_container_host_ip()  # only a container that runs can tell: the same for both
            _started(running, _kafka(host, port))
            mongo_port = int(mongo.get_exposed_port(MONGO_PORT))
        _wait(KAFKA_IMAGE, lambda: kafka_answers(f"{host}:{port}"))
        _wait(MONGO_IMAGE, lambda: _is_primary(host, mongo_port))
        # The set knows its member by an address inside the container: a client must not follow it.
        yield f"{host}:{port}", f"mongodb://{host}:{mongo_port}/?directConnection=true"


def _check_engine() -> None:
    command = ["docker", "version", "--format", "{{.Server.Version}}"]
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=ENGINE_SECONDS)
    except FileNotFoundError:
        raise DockerUnavailable("there is no docker program: install Docker") from None
    except subprocess.SubprocessError:
        raise DockerUnavailable("no engine answers `docker version`: start it, or set DOCKER_HOST") from None


def _mongo() -> Any:
    from testcontainers.core.container import DockerContainer

    command = f"mongod --replSet={REPLICA_SET} --bind_ip_all --setParameter=transactionLifetimeLimitSeconds=5"
    return DockerContainer(MONGO_IMAGE).with_command(command).with_exposed_ports(MONGO_PORT)


def _kafka(host: str, port: int) -> Any:
    """Return a container that listens on the same port inside and outside, and advertises that on `host`."""
    from testcontainers.core.container import DockerContainer

    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(port, port)
    return container.with_envs(
        CLUSTER_ID="bWljcm9jcmVkLXRlc3RzLTAwMQ",
        KAFKA_NODE_ID="1",
        KAFKA_PROCESS_ROLES="broker,controller",
        KAFKA_LISTENERS=f"PLAINTEXT://:{port},CONTROLLER://:{CONTROLLER_PORT}",
        KAFKA_ADVERTISED_LISTENERS=f"PLAINTEXT://{host}:{port}",
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP="PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        KAFKA_CONTROLLER_LISTENER_NAMES="CONTROLLER",
        KAFKA_CONTROLLER_QUORUM_VOTERS=f"1@localhost:{CONTROLLER_PORT}",
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR="1",
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR="1",
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR="1",
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS="0",
        KAFKA_AUTO_CREATE_TOPICS_ENABLE="false",
    )


def _started(running: ExitStack, container: Any) -> Any:
    running.callback(container.stop)
    return container.start()


@contextmanager
def _refusals_explained() -> Iterator[None]:
    from docker.errors import DockerException  # type: ignore[import-untyped]  # it ships no types
    from requests.exceptions import RequestException
    from testcontainers.core.exceptions import ContainerStartException

    try:
        yield
    except (DockerException, RequestException, ContainerStartException, OSError) as error:
        advice = "pull the image; where nothing can be pulled set TESTCONTAINERS_RYUK_DISABLED=true"
        raise DockerUnavailable(f"a container does not start ({error}): {advice}") from error


def _wait(image: str, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise DockerUnavailable(f"{image} did not answer in {SECONDS:.0f} s: see its log with `docker logs`")
        time.sleep(0.1)


def _is_primary(host: str, port: int) -> bool:
    with suppress(PyMongoError):  # it is still coming up
        return become_primary(host, port, f"127.0.0.1:{MONGO_PORT}")
    return False
