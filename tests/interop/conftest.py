"""One process with all peers."""

from collections.abc import Iterator

import pytest

from shared.testing.peers import Peers
from tests.interop.issued import documents


@pytest.fixture(scope="session")
def peers() -> Iterator[Peers]:
    """Digital Bazaar's and the Digital Credentials Consortium's verifiers, and jose."""
    with Peers() as started:
        started.know(documents())
        yield started
