"""Fixtures of the tests of others' interfaces."""

import pytest

from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.wallet import (
    with_worker,
)


@pytest.fixture
def wallets(issuance: Service) -> Service:
    """Issuance with a credential and a worker that is never behind."""
    return with_worker(issuance)
