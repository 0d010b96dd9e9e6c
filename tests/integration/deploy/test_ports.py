"""Ports that are found are kept from everybody else who searches, until the one who found them ends."""

import socket
import subprocess
import sys

import pytest

from deploy.local import ports
from deploy.local.errors import PortInUse
from deploy.local.ports import check_port, free_port, free_ports, is_free

SEARCH = "from deploy.local import ports; ports.FREE_PORTS = range({0}, {1}); ports.TRIES = {1} - {0}; {2}"
RANGE = 4


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> range:
    """So few ports that whoever searches meets all of them."""
    first = free_ports(range(RANGE))
    for claim in list(ports._claims)[-RANGE:]:
        ports._claims.remove(claim)
        claim.close()
    found = range(first, first + RANGE)
    monkeypatch.setattr(ports, "FREE_PORTS", found)
    monkeypatch.setattr(ports, "TRIES", RANGE)
    return found


def another(few: range, does: str) -> subprocess.CompletedProcess[str]:
    """Let another process search among the same few."""
    searches = SEARCH.format(few.start, few.stop, does)
    return subprocess.run([sys.executable, "-c", searches], capture_output=True, text=True, check=False, timeout=60)


def test_nobody_else_is_given_a_port_that_was_found_though_nothing_listens_on_it(few: range) -> None:
    mine = {free_port() for _ in few}
    assert mine == set(few)
    assert all(is_free(port) for port in mine)
    theirs = another(few, "ports.free_port()")
    assert theirs.returncode == 1
    assert PortInUse.__name__ in theirs.stderr


def test_what_another_process_found_is_free_again_when_it_has_ended(few: range) -> None:
    assert another(few, "[ports.free_port() for _ in ports.FREE_PORTS]").returncode == 0
    assert {free_port() for _ in few} == set(few)


def test_ports_in_a_row_are_taken_together_or_not_at_all(few: range) -> None:
    middle = few[1]
    with socket.socket() as stranger:
        stranger.bind((ports.LOOPBACK, middle))
        stranger.listen()
        with pytest.raises(PortInUse):
            check_port(middle, "--first-port")
        first = free_ports((0, 1))
        left = set(few) - {middle, first, first + 1}
        assert few[0] in left
        assert {free_port() for _ in left} == left


def test_no_more_are_kept_than_a_process_may_have_open() -> None:
    kept = [free_port() for _ in range(ports.CLAIMS + 10)]
    assert len(ports._claims) == ports.CLAIMS
    assert len(set(kept[-ports.CLAIMS :])) == ports.CLAIMS
