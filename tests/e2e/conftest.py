"""One installation for all stories."""

import uuid
from collections.abc import Iterator

import pytest

from tests.town import Town, running_town, town_from_environment


@pytest.fixture(scope="session")
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The installation that the environment names, else one that is started here."""
    elsewhere = town_from_environment()
    if elsewhere is not None:
        yield elsewhere
        elsewhere.close()
        return
    servers = request.getfixturevalue("servers")
    with running_town(servers, tmp_path_factory.mktemp("town"), f"e{uuid.uuid4().hex[:8]}.") as town:
        yield town


@pytest.fixture
def tenant() -> str:
    """An institution that no other story knows."""
    return f"uni-{uuid.uuid4().hex[:8]}"
