"""Fixtures of the issuance tests."""

from pathlib import Path

import pytest

from tests.unit.issuance.desk import Service, started


@pytest.fixture
async def issuance(tmp_path: Path) -> Service:
    """The service, which knows one offering."""
    return await started(tmp_path)
