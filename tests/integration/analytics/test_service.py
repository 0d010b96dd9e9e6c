"""The service as a process, with a real broker and database: events in, the funnel out, also live, and an end."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import orjson
import pytest

from shared.contracts.assessment import LearnerAssessed, LearnerPassed
from shared.contracts.enrolment import LearnerEnrolled
from shared.contracts.issuance import CredentialIssued
from shared.kit.auth import Tokens
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import read_secret
from shared.kit.topics_admin import TopicsAdmin
from tests.integration.kit.process import Running, running
from tests.integration.kit.rig import PARTITIONS
from tests.unit.analytics.events import about_learner, offering_published

COMMAND = [sys.executable, "-m", "services.analytics.main", "--role", "all"]
PATIENCE_S = 60
STORY = (
    about_learner(CredentialIssued, "i-1"),
    about_learner(LearnerPassed, "pass-1"),
    about_learner(LearnerAssessed, "a-1"),
    about_learner(LearnerEnrolled, "e-1"),
    about_learner(LearnerEnrolled, "e-1"),
    offering_published("o-1", "Law"),
)
ARRIVED = [("Law", {"enrolled": 1, "assessed": 1, "passed": 1, "issued": 1, "left": 0})]


@pytest.fixture
def analytics(bootstrap: str, mongo_url: str, fresh_name: str, tmp_path: Path) -> Iterator[Running]:
    TopicsAdmin(bootstrap, prefix=fresh_name).create(partitions=PARTITIONS)
    with running(
        COMMAND,
        tmp_path,
        kafka_bootstrap=bootstrap,
        mongo_url=mongo_url,
        topic_prefix=fresh_name,
        database_prefix=fresh_name,
        session_timeout_s=6,
    ) as process:
        yield process


@pytest.fixture
async def publisher(bootstrap: str, fresh_name: str) -> AsyncIterator[KafkaPublisher]:
    publisher = KafkaPublisher(bootstrap, topic_prefix=fresh_name)
    yield publisher
    await publisher.close()


async def test_events_become_a_live_funnel_and_sigterm_ends_its_stream(
    analytics: Running, publisher: KafkaPublisher, tmp_path: Path
) -> None:
    token = Tokens(read_secret(tmp_path / "secret")).issue("ou", ["read"], "test")
    address = await asyncio.to_thread(lambda: analytics.url)
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        asyncio.timeout(PATIENCE_S),
        httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE_S, trust_env=False) as client,
        client.stream("GET", "/v1/funnel/live") as stream,
    ):
        lines = (line async for line in stream.aiter_lines() if line.startswith("data: "))
        assert _rows(await anext(lines)) == []
        await publisher.publish(STORY)
        while _rows(last := await anext(lines)) != ARRIVED:
            pass
        answer = (await client.get("/v1/funnel")).json()
        status = asyncio.create_task(asyncio.to_thread(analytics.end))
        assert [line async for line in lines] == []

    assert await status == 0
    assert orjson.loads(last.removeprefix("data: ")) == answer


def _rows(line: str) -> list[tuple[str, dict[str, int]]]:
    return [(row["title"], row["counts"]) for row in orjson.loads(line.removeprefix("data: "))["rows"]]
