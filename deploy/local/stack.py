"""Broker and database together, on this machine, without Docker."""

import fcntl
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TextIO

from deploy.local.apache import ApacheKafka
from deploy.local.errors import FolderInUse
from deploy.local.mongod import Mongod
from deploy.local.tansu import Tansu

Broker = Literal["embedded", "apache"]


class LocalStack:
    """One broker and one mongod under `folder`; port 0 takes a free one.

    `apache` keeps its data over restarts. `embedded` begins anew each time, database and all: that broker
    keeps its log in memory, and a database whose positions point into a log that is gone is refused.
    """

    def __init__(
        self, broker: Broker, folder: Path, kafka_port: int = 0, mongo_port: int = 0, *, cache_gb: float = 0.5
    ) -> None:
        """Choose the servers; nothing is touched before `start`. `cache_gb` bounds the database's cache."""
        self._keeps_data = broker == "apache"
        self._folder = (folder / broker).absolute()
        kind = ApacheKafka if self._keeps_data else Tansu
        self.kafka: ApacheKafka | Tansu = kind(self._folder / "kafka", kafka_port, port_setting="--kafka-port")
        self.mongod = Mongod(self._folder / "mongo", mongo_port, cache_gb=cache_gb, port_setting="--mongo-port")
        self._running = ExitStack()

    @property
    def bootstrap(self) -> str:
        """The broker's `host:port`."""
        return self.kafka.bootstrap

    @property
    def mongo_url(self) -> str:
        """The database's connection string."""
        return self.mongod.url

    @property
    def dead(self) -> list[str]:
        """Names of servers that ended by themselves."""
        return [server.name for server in (self.kafka, self.mongod) if not server.process.running]

    def start(self, announce: Callable[[str], None] = lambda _: None) -> None:
        """Start both side by side; return when both answer. Raises a `LocalError` and leaves nothing running."""
        with ExitStack() as running:
            self._folder.mkdir(parents=True, exist_ok=True)
            running.enter_context(_locked(self._folder))
            if not self._keeps_data:
                announce("beginning with an empty broker and an empty database")
                shutil.rmtree(self.mongod.folder, ignore_errors=True)
            for server in (self.mongod, self.kafka):
                announce(f"starting {server.name} on port {server.port}")
                running.callback(server.stop)
                server.launch()
            for server in (self.mongod, self.kafka):
                server.wait_ready()
            announce("broker and database are ready")
            self._running = running.pop_all()

    def stop(self) -> None:
        """Stop both, the broker first."""
        self._running.close()

    def __enter__(self) -> Self:
        """Start in silence."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def _locked(folder: Path) -> TextIO:
    """Return an open file that holds the folder until it is closed, by us or by our death."""
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise FolderInUse(folder) from None
    return lock
