"""kill -9 the bridge in the middle of thousands of a platform's records: nothing lost, nothing said in two ways."""

import asyncio
import json
import signal
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from deploy.local.ports import free_port
from shared.contracts.topics import PLATFORM_EVENTS, dead_letters_of
from shared.contracts.wire import decode
from shared.kit.foreign import FOREIGN_LETTERS
from shared.testing.openedx import Published, record
from shared.testing.servers import Servers
from tests.chaos.hand import Hand, started
from tests.integration.enrolment.bridging import HOME, Bridged
from tests.unit.enrolment.bus import with_header

RECORDS, BAD_EACH = 3_000, 50
FETCH_RECORDS = 150
KILL_AT = 0.3
PATIENCE_S = 90.0
NAMES = ("course.enrollment.created.v1", "course.persistent_grade_summary.changed.v1", "certificate.created.v1")
_number = count(1)


def records() -> Iterator[Published]:
    """Yield records of three signals, each fiftieth without its time."""
    for number in range(RECORDS):
        good = record(NAMES[number % 3], user=1 + number // 3, ce_id=f"e-{number}")._replace(key=str(number).encode())
        yield with_header(good, "ce_time") if number % BAD_EACH == 0 else good


def start(site: Bridged, folder: Path, nursery: Path) -> Hand:
    topics = {site.theirs: {"tenant": "ou", "platform": "openedx", "home": HOME}}
    environment = {
        "MICROCRED_KAFKA_BOOTSTRAP": site.bootstrap,
        "MICROCRED_MONGO_URL": site.mongo_url,
        "MICROCRED_DATABASE_PREFIX": site.name.removesuffix("enrolment"),
        "MICROCRED_TOPIC_PREFIX": site.prefix,
        "MICROCRED_TOKEN_SECRET_FILE": str(folder / "secret"),
        "MICROCRED_OPENEDX_TOPICS": json.dumps(topics),
        "MICROCRED_HTTP_PORT": str(free_port()),
        "MICROCRED_SESSION_TIMEOUT_S": "6",
        "MICROCRED_FETCH_RECORDS": str(FETCH_RECORDS),
    }
    return started(nursery, "enrolment", environment, folder / f"bridge-{next(_number)}.log", role="bridge")


async def wait_until(site: Bridged, taken: int, worker: Hand) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while (done := await site.taken()) < taken:
        assert worker.running, f"the bridge ended by itself: {worker.log.read_text()[-2000:]}"
        assert time.monotonic() < deadline, f"{done} of {taken} records taken: {worker.log.read_text()[-2000:]}"
        await asyncio.sleep(0.05)


@pytest.mark.timeout(240)
async def test_a_bridge_that_is_killed_loses_and_doubles_nothing(
    servers: Servers, fresh_name: str, tmp_path: Path, nursery: Path
):
    # The database's name is the prefix and the service's name.
    async with Bridged(servers.bootstrap, servers.mongo_url, f"{fresh_name}enrolment", tmp_path) as site:
        site.settings()  # makes the secret
        sent = site.send(records())
        worker = start(site, tmp_path, nursery)
        await wait_until(site, int(KILL_AT * sent), worker)
        worker.signal(signal.SIGKILL)
        worker.stop(5)
        assert await site.taken() < sent, "killed too late to show anything"
        worker = start(site, tmp_path, nursery)
        await wait_until(site, sent, worker)
        worker.stop(20)
        assert await site.taken() == sent
        log = await site.said(PLATFORM_EVENTS.name, sent - sent // BAD_EACH)
        said: dict[str, set[bytes]] = {}
        for each in log:
            said.setdefault(decode(PLATFORM_EVENTS, each.value).id, set()).add(each.value or b"")
        assert len(said) == sent - sent // BAD_EACH
        assert all(len(ways) == 1 for ways in said.values()), "an event was said again in another way"
        again = len(log) - len(said)
        assert again <= 3 * FETCH_RECORDS, f"{again} events were said again: more than the last chunk of each partition"
        assert await site.store.count(FOREIGN_LETTERS, {}) == sent // BAD_EACH
        letters = await site.said(dead_letters_of("enrolment"), sent // BAD_EACH)
        assert len({each.key for each in letters}) == sent // BAD_EACH
