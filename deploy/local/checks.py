"""What is looked at before a server is started, so that a fault is told in one line and not in a log."""

import random
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from deploy.local.errors import MEGABYTE, DiskFull, MissingProgram, PortInUse

LOOPBACK = "127.0.0.1"
DISK_WANTED = 500 * MEGABYTE

# Below the kernel's ephemeral range (32768 up): a client that reconnects to a dead server's port in that
# range can be given the very same port as its own, connect to itself, and keep the server from coming back.
FREE_PORTS = range(15_000, 32_000)
TRIES = 200


class Usage(Protocol):
    """The part of `shutil.disk_usage`'s answer that matters."""

    @property
    def free(self) -> int:
        """Bytes that can still be written."""
        ...


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port nobody listens on; raises `PortInUse` when a long search finds none."""
    candidates = random.SystemRandom().sample(FREE_PORTS, TRIES)
    for port in candidates:
        if is_free(port):
            return port
    raise PortInUse(candidates[-1], "the port settings")


def check_port(port: int, setting: str) -> None:
    """Raise `PortInUse`, naming the setting that changes the port."""
    if not is_free(port):
        raise PortInUse(port, setting)


def check_disk(folder: Path, wanted: int = DISK_WANTED, usage: Callable[[Path], Usage] = shutil.disk_usage) -> None:
    """Raise `DiskFull` when the disk under `folder` has fewer than `wanted` bytes left."""
    free = usage(folder).free
    if free < wanted:
        raise DiskFull(folder, free, wanted)


def find_program(name: str, cure: str) -> str:
    """Return the path of a program on PATH, or raise `MissingProgram` with its cure."""
    found = shutil.which(name)
    if found is None:
        raise MissingProgram(name, cure)
    return found
