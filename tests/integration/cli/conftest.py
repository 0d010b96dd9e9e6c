"""What of the commands is tested on one broker only."""

from pathlib import Path

import pytest

_ONCE = "test_rebuild.py"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out, where only the broker is another one, what asks it nothing that `kit/test_rebuild.py` does not ask."""
    return True if collection_path.name == _ONCE and config.getoption("--on-servers") else None
