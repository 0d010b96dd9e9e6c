"""Forks workers for whoever asks on a Unix socket, and lays their exit statuses down beside their logs."""

import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from shared.kit.parent import die_with_parent
from tests.chaos.doomed.service import work

_LOOK_S = 0.05
_FAILED = 70


def status_file(log: Path) -> Path:
    """Return where the exit status of the worker with this log will stand."""
    return log.with_suffix(".status")


def ask(address: Path, service: str, role: str, environment: dict[str, str], log: Path) -> int:
    """Ask the nursery for a process of this role, and return its id."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(address))
        request = {"service": service, "role": role, "environment": environment, "log": str(log)}
        line.sendall(json.dumps(request).encode() + b"\n")
        return int(line.makefile().readline())


class Nursery:
    """Listens, forks and waits; single-threaded, so that a fork is whole."""

    def __init__(self, address: Path) -> None:
        """Listen at this address."""
        self._children: dict[int, Path] = {}
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(address))
        self._listener.listen()
        self._listener.settimeout(_LOOK_S)

    def serve_for_ever(self) -> None:
        """Serve until this process is ended; its children end with it."""
        while True:
            try:
                line, _ = self._listener.accept()
            except TimeoutError:
                self._reap()
                continue
            with line:
                line.settimeout(None)
                request = json.loads(line.makefile().readline())
                line.sendall(f"{self._fork(request)}\n".encode())

    def _fork(self, request: dict[str, Any]) -> int:
        log = Path(request["log"])
        pid = os.fork()
        if pid == 0:
            self._listener.close()
            _live(request, log)
        self._children[pid] = log
        return pid

    def _reap(self) -> None:
        for pid, log in list(self._children.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._children[pid]
                status_file(log).write_text(str(os.waitstatus_to_exitcode(status)))


def _live(request: dict[str, Any], log: Path) -> None:
    """Be the worker; never returns."""
    status = _FAILED
    try:
        die_with_parent()
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.environ.update(request["environment"])
        status = work(request["service"], request["role"])
    except BaseException:  # noqa: BLE001 - whatever it is, it must not get into the nursery's loop
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
