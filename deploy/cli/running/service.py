"""One service as a process of this machine."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from deploy.cli.errors import ServiceEnded
from deploy.cli.trust import scheme
from deploy.local.ports import LOOPBACK, check_port
from deploy.local.process import Process

READY_TIMEOUT_S = 1.0
STOP_S = 30.0  # a service gives its worker 22 s to finish
TAIL_LINES = 12


class ServiceProcess:
    """`python -m services.SERVICE.main`, API and worker together unless another role is asked for."""

    def __init__(  # noqa: PLR0913 - what one process is told
        self,
        name: str,
        port: int,
        log: Path,
        environment: Mapping[str, str],
        *,
        service: str | None = None,
        role: str = "all",
    ) -> None:
        """Nothing is started yet; `name` is the service's own unless another `service` is named."""
        self.name = name
        self.port = port
        self._command = (sys.executable, "-m", f"services.{service or name}.main", "--role", role)
        self.log = log
        self._environment = {**environment, "MICROCRED_HTTP_PORT": str(port), "PYTHONUNBUFFERED": "1"}
        self._scheme = scheme({**os.environ, **environment})
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{self._scheme}://localhost:{self.port}"

    def check(self) -> None:
        """Raise `PortInUse` when somebody else listens on the port."""
        check_port(self.port, "--first-port")

    def launch(self) -> None:
        """Start it without waiting."""
        self._process = Process(self.name, self._command, self.log, self._environment)

    def ready(self) -> bool:
        """Tell whether it can answer requests; raises `ServiceEnded` when it has ended."""
        self.require_running()
        try:
            # Its certificate is made out to its public name, and this is its own address.
            answer = httpx.get(
                f"{self._scheme}://{LOOPBACK}:{self.port}/readyz",
                timeout=READY_TIMEOUT_S,
                verify=False,  # noqa: S501
            )
        except httpx.HTTPError:
            return False
        return answer.is_success

    def require_running(self) -> None:
        """Raise `ServiceEnded`, with the end of the log, when it does not run any more."""
        if self._process is None or not self._process.running:
            raise ServiceEnded(self.name, self.log, self.tail())

    def tail(self) -> list[str]:
        """Return the last lines of its log."""
        if not self.log.exists():
            return []
        return self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]

    def ask_to_stop(self) -> None:
        """Send SIGTERM and do not wait."""
        if self._process is not None:
            self._process.signal(signal.SIGTERM)

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        if self._process is not None:
            self._process.stop(STOP_S)
