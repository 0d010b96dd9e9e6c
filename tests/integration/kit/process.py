"""The tiny service as a process of its own, and what it logs."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx

from shared.kit.secret import ensure_secret

TINY = [sys.executable, "-m", "tests.integration.kit.tiny_service"]
ROOT = Path(__file__).parents[3]
PATIENCE_S = 60


class Running:
    """A process of the tiny service, and what it has logged so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[dict[str, Any]] = []
        self.other: list[str] = []
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._more:
                if line.startswith("{"):
                    self.log.append(json.loads(line))
                else:
                    self.other.append(line)
                self._more.notify_all()

    def saw(self, message: str) -> dict[str, Any]:
        """Return the first line of the log with this message, when it is there."""
        with self._more:
            found = self._more.wait_for(lambda: self._find(message), PATIENCE_S)
        assert found, f"{message!r} was not logged: {self.log} {self.other}"
        return found

    def _find(self, message: str) -> dict[str, Any] | None:
        return next((line for line in self.log if line["message"] == message), None)

    def order(self) -> list[str]:
        """Return all messages, when the process has ended."""
        self._reader.join(PATIENCE_S)
        return [line["message"] for line in self.log]

    @property
    def url(self) -> str:
        return str(self.saw("service.listening")["address"])

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=PATIENCE_S, trust_env=False)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.status()

    def status(self) -> int:
        return self.process.wait(PATIENCE_S)


def environment(folder: Path, **settings: object) -> dict[str, str]:
    ours = {"token_secret_file": ensure_secret(folder / "secret"), "http_port": 0, "http_stop_s": 2, **settings}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MICROCRED_")}
    return {**clean, **{f"MICROCRED_{name.upper()}": str(value) for name, value in ours.items()}}


def tiny(folder: Path, role: str = "all", **settings: object) -> AbstractContextManager[Running]:
    return running([*TINY, "--role", role], folder, **settings)


@contextmanager
def running(command: list[str], folder: Path, **settings: object) -> Iterator[Running]:
    """Run a service's process; it is killed at the end, if it still runs."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(folder, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        ours = Running(process)
        try:
            yield ours
        finally:
            process.kill()
            ours.order()


def start(folder: Path, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    command = [*TINY, *arguments]
    env = environment(folder, **settings)
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
