"""A database whose disk is full: the transaction waits in place until somebody has made room."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.local.mongod import Mongod
from shared.kit.errors import StoreUnavailable
from shared.kit.mongo import MongoStore

_FULL = {"failCommands": ["insert", "update"], "errorCode": 14_031}


def _fail_point(url: str, mode: str) -> None:
    with MongoClient[dict[str, Any]](url) as client:
        client.admin.command({"configureFailPoint": "failCommand", "mode": mode, "data": _FULL})


async def test_a_full_disk_is_waited_for_and_not_for_ever(tmp_path: Path):
    with Mongod(tmp_path, parameters=("enableTestCommands=1",)) as mongod:
        store, impatient = (MongoStore(mongod.url, "full", patience_s=patience_s) for patience_s in (60, 1))
        await store.prepare({"things": []})

        async def lay(unit: Any) -> None:
            await unit.write("things", [{"_id": "a"}], [])

        _fail_point(mongod.url, "alwaysOn")
        waiting = asyncio.create_task(store.transact(lay))
        await asyncio.sleep(1)
        assert not waiting.done()
        _fail_point(mongod.url, "off")
        await waiting
        assert await store.get("things", "a") == {"_id": "a"}
        _fail_point(mongod.url, "alwaysOn")
        with pytest.raises(StoreUnavailable):
            await impatient.transact(lay)
        await store.close()
        await impatient.close()
