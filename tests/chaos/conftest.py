"""What the tests with faults share: all services loaded once, to be forked."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.ground import nursed


@pytest.fixture(scope="session")
def nursery() -> Iterator[Path]:
    """The address of a nursery; what it forks ends with it."""
    # Not below pytest's folders: the name of a Unix socket may be no longer than a hundred bytes.
    with tempfile.TemporaryDirectory(prefix="microcred-nursery-") as folder, nursed(Path(folder)) as address:
        yield address
