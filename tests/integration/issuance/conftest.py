"""The service as it asks this machine, and an issuer elsewhere for it to ask."""

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from tests.integration.issuance.elsewhere import did, page
from tests.integration.issuance.webserver import Stranger, stranger
from tests.unit.issuance.desk import Service, started


@pytest.fixture
async def issuance(tmp_path: Path) -> AsyncIterator[Service]:
    service = await started(tmp_path, fetch_private=True, fetch_deadline_s=1.0)
    yield service
    await service.app.state.desk.checker.sandbox.close()


@pytest.fixture
async def server() -> AsyncIterator[Stranger]:
    async with stranger() as made:
        made.serves("/.well-known/did.json", orjson.dumps(page(did(made))))
        yield made
