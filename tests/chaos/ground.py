"""The servers that faults strike: three brokers and three mongod, in a folder that is gone afterwards."""

import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from deploy.local.brokers import Brokers
from deploy.local.mongoset import MongoSet
from deploy.local.process import Process

PARTITIONS = 3
"""As many as there are workers of a service at once; each is a log, with its files, on three brokers."""
REPLICATION = 3
_LOADED_WITHIN_S = 120.0
_IMPATIENT: dict[str, Any] = {"serverSelectionTimeoutMS": 3_000, "socketTimeoutMS": 10_000, "tz_aware": True}
#: What MongoDB is made to answer, it answers by its own fail points. It ends open transactions as late as it does where
#: nobody has set anything: whoever takes over from a killed worker has to do it.
_PARAMETERS = ("enableTestCommands=1", "transactionLifetimeLimitSeconds=60")
SESSION_S = 6
"""The shortest session timeout that the services take."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What all services of one run stand on."""

    brokers: Brokers
    mongo: MongoSet
    folder: Path
    nursery: Path
    watching: MongoClient[dict[str, Any]]
    """A client that stays, for those who look all the time: to connect costs more than to ask."""

    @property
    def bootstrap(self) -> str:
        """The brokers' `host:port`."""
        return self.brokers.bootstrap

    @property
    def mongo_url(self) -> str:
        """The replica set's connection string."""
        return self.mongo.url

    def client(self) -> MongoClient[dict[str, Any]]:
        """Return a client that does not wait long."""
        return MongoClient(self.mongo_url, **_IMPATIENT)


@contextmanager
def ground(nursery: Path | None = None) -> Iterator[Ground]:
    """Start the servers, and a nursery if none is given; stop all that was started afterwards."""
    with ExitStack() as running:
        name = tempfile.TemporaryDirectory(prefix="microcred-chaos-", ignore_cleanup_errors=True)
        folder = Path(running.enter_context(name))
        brokers = running.enter_context(Brokers(folder))
        mongo = running.enter_context(MongoSet(folder, parameters=_PARAMETERS))
        address = nursery or running.enter_context(nursed(folder))
        with MongoClient[dict[str, Any]](mongo.url, **_IMPATIENT) as watching:
            try:
                yield Ground(brokers, mongo, folder, address, watching)
            finally:
                # What they hold is gone in a moment; in order, brokers wait for each other's leave to end.
                brokers.signal(signal.SIGKILL)
                mongo.signal(signal.SIGKILL)


@contextmanager
def nursed(folder: Path) -> Iterator[Path]:
    """Start a nursery, give its address, and stop it afterwards with all that it has forked."""
    address = folder / "nursery"
    process = Process("nursery", [sys.executable, "-m", "tests.chaos.doomed", str(address)], folder / "nursery.log")
    try:
        process.wait_until(address.exists, _LOADED_WITHIN_S)
        yield address
    finally:
        process.stop(5)
