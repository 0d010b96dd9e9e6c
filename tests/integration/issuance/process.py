"""Issuance as a process of its own, on real servers."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from shared.contracts.envelope import derived_id
from shared.kit.topics_admin import TopicsAdmin
from shared.testing.servers import Servers
from tests.integration.kit.process import Running, running
from tests.integration.kit.rig import PARTITIONS

COMMAND = [sys.executable, "-m", "services.issuance.main", "--role", "all"]
CREDENTIAL = derived_id("credential", "pass-1")
PATIENCE_S = 60


@contextmanager
def issuing(servers: Servers, name: str, folder: Path, **settings: object) -> Iterator[Running]:
    """Run the service with topics and a database of its own; its key stands in the folder."""
    TopicsAdmin(servers.bootstrap, prefix=name).create(partitions=PARTITIONS)
    with running(
        COMMAND,
        folder,
        kafka_bootstrap=servers.bootstrap,
        mongo_url=servers.mongo_url,
        topic_prefix=name,
        database_prefix=name,
        session_timeout_s=6,
        key_file=folder / "issuer-key",
        public_url="http://localhost:8003",
        **settings,
    ) as process:
        yield process


async def issued(client: httpx.AsyncClient, credential: str = CREDENTIAL) -> httpx.Response:
    """Return the credential of the first pass, or another one, as soon as it is there."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            answer = await client.get(f"/credentials/{credential}")
            if answer.status_code == httpx.codes.OK:
                return answer
            await asyncio.sleep(0.05)
