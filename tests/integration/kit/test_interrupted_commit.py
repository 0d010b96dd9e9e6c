"""A commit that is done, and answered as if it had been interrupted: as whoever takes over does it to a commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from deploy.local.mongod import Mongod
from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import commit
from shared.kit.ledger import Batch, Record
from shared.kit.mongo import MongoStore
from shared.testing.counting import SAYS_EVERY, counting_worker, numbered_result

_INTERRUPTED = {"code": 11_601, "codeName": "Interrupted", "errmsg": "waiting for the majority was interrupted"}
_ONCE = {"failCommands": ["commitTransaction"], "writeConcernError": _INTERRUPTED}


@contextmanager
def one_interrupted_commit(url: str) -> Iterator[None]:
    with MongoClient[dict[str, Any]](url) as client:
        client.admin.command({"configureFailPoint": "failCommand", "mode": {"times": 1}, "data": _ONCE})
        yield
        entered = client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})["count"]
        assert entered == 1


async def test_what_an_interrupted_commit_says_is_said(tmp_path: Path):
    values = [numbered_result("a", number).encode() for number in range(2 * SAYS_EVERY)]
    records = [Record(number, 1_900_000_000_000, b"a", value) for number, value in enumerate(values)]
    chunk = Batch(PLATFORM_EVENTS.name, "topic-id", 0, 0, records)
    with Mongod(tmp_path, parameters=("enableTestCommands=1",)) as mongod:
        store = MongoStore(mongod.url, "interrupted")
        with one_interrupted_commit(mongod.url):
            committed = await commit(counting_worker(), [chunk], store)
        assert len(committed.says) == 2
        (count,) = await store.find("counts", {})
        assert (count["events"], count["disorder"]) == (2 * SAYS_EVERY, 0)
        await store.close()
