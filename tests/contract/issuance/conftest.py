"""The official Open Badges 3.0 schema as we ship it."""

import hashlib
import json
from typing import Any

import pytest

from shared.openbadges.schema import OFFICIAL

_SHA256 = "b7358e895f492e74055dc6bfc7ffc420d0e497f90c4579fb83d9519b86d393ea"


@pytest.fixture(scope="session")
def official_schema() -> dict[str, Any]:
    """1EdTech's JSON Schema of an AchievementCredential (draft 2019-09), which nobody may change."""
    content = OFFICIAL.read_bytes()
    assert hashlib.sha256(content).hexdigest() == _SHA256
    schema: dict[str, Any] = json.loads(content)
    return schema
