"""What all tests share: real servers, started once and only if a test wants them; no network for pure tests."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from pymongo.uri_parser import parse_uri
from pytest_socket import disable_socket, enable_socket

from shared.testing.servers import Servers, start_servers

PURE = tuple(Path(__file__).parent / name for name in ("unit", "property"))
USED = pytest.StashKey[Servers]()


# A machine that does other things as well is no fault of what is tested.
settings.register_profile("microcred", deadline=None)
settings.load_profile("microcred")
# By default structlog draws tracebacks with all their variables, which takes seconds for each.
structlog.configure(processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--on-servers", action="store_true", help="only the tests that use the broker and the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What speaks to neither is the same whichever broker there is: once is enough."""
    if not config.getoption("--on-servers"):
        return
    kept = [
        item
        for item in items
        if "servers" in getattr(item, "fixturenames", ()) and item.get_closest_marker("one_broker") is None
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(autouse=True)
def _no_network_in_pure_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    if not any(folder in request.path.parents for folder in PURE):
        yield
        return
    disable_socket(allow_unix_socket=True)  # event loops wake themselves through a pair of Unix sockets
    yield
    enable_socket()


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Iterator[Servers]:
    """A broker and a database for the whole run; see `shared.testing.servers` for which."""
    with start_servers() as started:
        pytestconfig.stash[USED] = started
        # The driver, closed while a thread of it connects, leaves that socket to the collector, which speaks up in the
        # middle of some other test. A socket to anything else is a test's own fault.
        ports = "|".join(str(port) for _, port in parse_uri(started.mongo_url)["nodelist"])
        left = f"Exception ignored in. <socket.*raddr=.*, ({ports}).>"
        pytestconfig.addinivalue_line("filterwarnings", f"ignore:{left}:pytest.PytestUnraisableExceptionWarning")
        yield started


@pytest.fixture
def bootstrap(servers: Servers) -> str:
    """The broker's `host:port`."""
    return servers.bootstrap


@pytest.fixture
def mongo_url(servers: Servers) -> str:
    """The database's connection string."""
    return servers.mongo_url


@pytest.fixture
def fresh_name() -> str:
    """A prefix for topics and databases that no other test has."""
    return f"t{uuid.uuid4().hex[:12]}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    used = config.stash.get(USED, None)
    if used is None:
        terminalreporter.write_line("broker: none started, database: none started (no test asked for them)")
        return
    terminalreporter.write_line(f"broker: {used.broker_name}, database: {used.database_name}")
    for reason in used.why:
        terminalreporter.write_line(f"  passed over {reason}")
