"""Three mongod that are one replica set: when the primary goes, another takes over."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.group import ServerGroup
from deploy.local.mongod import Mongod
from deploy.local.ports import LOOPBACK
from deploy.local.replicaset import MILLISECONDS, REPLICA_SET, form

MEMBERS = 3
ELECTION_MILLISECONDS = 2_000
_CACHE_GB = 0.25
_SECONDS_TO_ELECT = 60.0
#: A primary that is asked to end waits so long for the others to take over, also while they end too.
_SHUTDOWN = "shutdownTimeoutMillisForSignaledShutdown=100"


class MongoSet(ServerGroup):
    """The members of one replica set under `folder`; `parameters` are set on each of them at its start."""

    def __init__(self, folder: Path, *, parameters: tuple[str, ...] = ()) -> None:
        """Choose the ports; nothing is touched before `start`."""
        self.members = tuple(
            Mongod(folder / f"mongo{number}", cache_gb=_CACHE_GB, alone=False, parameters=(_SHUTDOWN, *parameters))
            for number in range(1, MEMBERS + 1)
        )
        super().__init__(self.members)

    @property
    def url(self) -> str:
        """Connection string for clients."""
        return f"mongodb://{','.join(self.addresses)}/?replicaSet={REPLICA_SET}"

    @property
    def addresses(self) -> list[str]:
        """`host:port` of every member."""
        return [f"{LOOPBACK}:{member.port}" for member in self.members]

    def wait_primary(self) -> None:
        """Return when a primary takes writes."""
        alive = next(member for member in self.members if member.process.running)
        alive.process.wait_until(self._has_primary, _SECONDS_TO_ELECT)

    def _join(self) -> None:
        form(self.addresses, ELECTION_MILLISECONDS)
        self.wait_primary()

    def _has_primary(self) -> bool:
        client: MongoClient[dict[str, Any]] = MongoClient(self.url, serverSelectionTimeoutMS=MILLISECONDS)
        with client, suppress(PyMongoError):
            return bool(client.admin.command("hello")["isWritablePrimary"])
        return False
