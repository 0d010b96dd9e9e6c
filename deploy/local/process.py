"""One child process: its own group, its output in a file, ended with us."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.local.errors import StartFailed
from deploy.local.logs import cause

POLL = 0.05  # seconds
PATIENCE = 20.0  # seconds between SIGTERM and SIGKILL
LEASH = Path(__file__).with_name("leash.py")


class Process:
    """A running server program; `log` receives all that it prints."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start the program without waiting for it; `environment` is added to ours."""
        self.name, self.log = name, log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            self._child = subprocess.Popen(
                [*_leash(), *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,  # Ctrl-C is for us: we stop our children in order
            )

    @property
    def pid(self) -> int:
        """The server's process id, for those who want to kill it."""
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._child.poll() is None

    @property
    def status(self) -> int | None:
        """Its exit status, negative for the signal that ended it; None while it runs."""
        return self._child.poll()

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return when `ready` says so; raise `StartFailed` when the process ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running:
                raise self.failed()
            if time.monotonic() > deadline:
                raise StartFailed(self.name, f"was not ready in {seconds:.0f} s", self._cause(), self.log)
            time.sleep(POLL)

    def failed(self) -> StartFailed:
        """Describe how it ended and why."""
        code = self._child.returncode or 0
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
        return StartFailed(self.name, how, self._cause(), self.log)

    def stop(self, patience: float = PATIENCE) -> None:
        """Ask it to end, and make it end when it has not done so in `patience` seconds."""
        self.signal(signal.SIGTERM)
        try:
            self._child.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it and what it started at once, as a crash would."""
        self.signal(signal.SIGKILL)
        self._child.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process group, unless it has ended."""
        if self.running:
            os.killpg(self._child.pid, number)

    def _cause(self) -> str:
        return cause(self.log.read_text(errors="replace"))


def _leash() -> list[str]:
    # The kernel counts the death of the *thread* that forked; only the main one lives as long as we do.
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return []
    return [sys.executable, "-IS", str(LEASH), str(os.getpid())]
