"""What all tests here share."""

from pathlib import Path

import pytest

from shared.kit.topics_admin import create_topics
from shared.testing.servers import Servers
from tests.chaos.ground import Ground


@pytest.fixture
def ground(servers: Servers, fresh_name: str, tmp_path: Path) -> Ground:
    create_topics(servers.bootstrap, prefix=fresh_name + ".")
    return Ground(servers, fresh_name + ".", tmp_path)
