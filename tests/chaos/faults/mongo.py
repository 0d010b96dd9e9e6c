"""What happens to MongoDB: the primary steps down, all are away, the disk is full, writes are slow.

A full disk and slow writes are the server's own fail points (`failCommand`): a disk that is really full makes mongod
abort, and that is `MongoAway`.
"""

import asyncio
import signal
from typing import Any

from pymongo.errors import AutoReconnect

from deploy.local.mongod import Mongod
from deploy.local.ports import LOOPBACK
from deploy.local.replicaset import direct
from tests.chaos.faults.fault import Fault
from tests.chaos.ground import Ground

OUT_OF_DISK_SPACE = 14_031
_STAYS_DOWN_S = 5
_WRITES = ["insert", "update"]
_OF_SERVICES = {"appName": "microcred"}


class StepDown(Fault[Ground]):
    """The primary steps down, and another member takes over."""

    name = "MongoDB steps down"

    async def inject(self, where: Ground) -> None:
        """Ask it to."""
        await asyncio.to_thread(_step_down, where)

    async def heal(self, where: Ground) -> None:
        """Wait for the next primary."""
        await asyncio.to_thread(where.mongo.wait_primary)


class MongoDies(Fault[Ground]):
    """The primary is killed, and started again when another has taken over."""

    name = "kill -9 of MongoDB's primary"
    _member: Mongod

    async def inject(self, where: Ground) -> None:
        """Kill it."""
        port = await asyncio.to_thread(_primary_port, where)
        self._member = next(each for each in where.mongo.members if each.port == port)
        self._member.process.signal(signal.SIGKILL)
        await asyncio.to_thread(self._member.stop)

    async def heal(self, where: Ground) -> None:
        """Start it again, beside the new primary."""
        await asyncio.to_thread(where.mongo.wait_primary)
        self._member.launch()
        await asyncio.to_thread(self._member.wait_ready)


class MongoAway(Fault[Ground]):
    """No member answers for a while."""

    def __init__(self, seconds: float) -> None:
        """Stay away so long."""
        self.name = f"MongoDB away for {seconds:g} s"
        self._seconds = seconds

    async def inject(self, where: Ground) -> None:
        """Kill all three."""
        where.mongo.signal(signal.SIGKILL)
        await asyncio.to_thread(where.mongo.stop)
        await asyncio.sleep(self._seconds)

    async def heal(self, where: Ground) -> None:
        """Start all three."""
        for member in where.mongo.members:
            member.launch()
        for member in where.mongo.members:
            await asyncio.to_thread(member.wait_ready)
        await asyncio.to_thread(where.mongo.wait_primary)


class _Answers(Fault[Ground]):
    """Every member answers writes of the services in some way, for a while."""

    def __init__(self, name: str, seconds: float, data: dict[str, Any]) -> None:
        """Answer so for so long."""
        self.name = name
        self._seconds = seconds
        self._data = data

    async def inject(self, where: Ground) -> None:
        """Begin to answer so."""
        await asyncio.to_thread(_fail_point, where, "alwaysOn", {**self._data, **_OF_SERVICES})
        await asyncio.sleep(self._seconds)

    async def heal(self, where: Ground) -> None:
        """Answer as ever."""
        await asyncio.to_thread(_fail_point, where, "off", {})


def disk_full(seconds: float) -> Fault[Ground]:
    """Refuse writes as a server does whose disk is full."""
    data = {"failCommands": _WRITES, "errorCode": OUT_OF_DISK_SPACE}
    return _Answers(f"MongoDB's disk is full for {seconds:g} s", seconds, data)


def slow_writes(seconds: float) -> Fault[Ground]:
    """Answer each write half a second late."""
    data = {"failCommands": [*_WRITES, "commitTransaction"], "blockConnection": True, "blockTimeMS": 500}
    return _Answers("MongoDB takes 500 ms for a write", seconds, data)


def _step_down(where: Ground) -> None:
    with where.client() as client:
        try:
            client.admin.command("replSetStepDown", _STAYS_DOWN_S, secondaryCatchUpPeriodSecs=3)
        except AutoReconnect:
            return  # older servers answer by hanging up


def _primary_port(where: Ground) -> int:
    with where.client() as client:
        client.admin.command("ping")
        primary = client.primary
        if primary is None:
            raise RuntimeError("the replica set has no primary")
        return primary[1]


def _fail_point(where: Ground, mode: str, data: dict[str, Any]) -> None:
    for member in where.mongo.members:
        with direct(LOOPBACK, member.port) as client:
            client.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": data})
