"""Ports of the loopback interface: which are free, and keeping those that were found from everybody else."""

import atexit
import random
import socket
from collections import deque
from collections.abc import Iterable
from contextlib import ExitStack

from deploy.local.errors import PortInUse

LOOPBACK = "127.0.0.1"

# Below the kernel's ephemeral range (32768 up): a client that reconnects to a dead server's port in that
# range can be given the very same port as its own, connect to itself, and keep the server from coming back.
FREE_PORTS = range(15_000, 32_000)
TRIES = 200
CLAIMS = 256
"""What one process keeps; a server listens on its port long before so many others were found."""

_claims: deque[socket.socket] = deque()


@atexit.register
def _give_back() -> None:
    while _claims:
        _claims.pop().close()


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def check_port(port: int, setting: str) -> None:
    """Raise `PortInUse`, naming the setting that changes the port."""
    if not is_free(port):
        raise PortInUse(port, setting)


def free_port() -> int:
    """Return a port nobody listens on; raises `PortInUse` when a long search finds none."""
    return free_ports((0,))


def free_ports(offsets: Iterable[int]) -> int:
    """Return a port from which on all these offsets are free; raises `PortInUse` when a long search finds none.

    Nobody else who searches here is given them, in whatever process, while this one lasts: seconds go by until the
    server that they are meant for listens, and tests stand side by side.
    """
    wanted = list(offsets)
    candidates = random.SystemRandom().sample(FREE_PORTS, TRIES)
    for first in candidates:
        if _claim([first + offset for offset in wanted]):
            return first
    raise PortInUse(candidates[-1], "the port settings")


def _claim(ports: list[int]) -> bool:
    """Take all of these ports or none."""
    with ExitStack() as taken:
        # The same number for UDP, which no server of ours listens on: held beside the server, ended by the kernel.
        claims = [taken.enter_context(socket.socket(type=socket.SOCK_DGRAM)) for _ in ports]
        try:
            for claim, port in zip(claims, ports, strict=True):
                claim.bind((LOOPBACK, port))
        except OSError:
            return False
        if not all(map(is_free, ports)):
            return False
        taken.pop_all()
    _claims.extend(claims)
    while len(_claims) > CLAIMS:
        _claims.popleft().close()
    return True
