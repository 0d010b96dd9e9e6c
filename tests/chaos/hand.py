"""One worker process of a service, with the file that its orders to die are laid down in."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from deploy.local.ports import free_port
from shared.kit.secret import ensure_secret
from tests.chaos.doomed.nursery import ask, status_file
from tests.chaos.doomed.orders import VARIABLE, Order
from tests.chaos.ground import SESSION_S, Ground

PUBLIC_URL = "http://localhost:8003"
_FETCH_RECORDS = "200"
_LOOK_S = 0.05
_number = count(1)


@dataclass(slots=True)
class Hand:
    """A worker at work; `let_go` tells that its end is intended."""

    pid: int
    log: Path
    orders: Path
    let_go: bool = False

    @property
    def status(self) -> int | None:
        """Its exit status, negative for the signal that ended it; None while it runs."""
        with suppress(FileNotFoundError, ValueError):
            return int(status_file(self.log).read_text())
        return None

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.status is None

    @property
    def last_words(self) -> str:
        """The last lines of its log that are no record's."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(line[:600] for line in lines if "record.refused" not in line)[-2_500:]

    def order(self, order: Order) -> None:
        """Tell it when to die."""
        self.let_go = True
        order.give(self.orders)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended; what no process can refuse goes to the one beside it as well."""
        if self.running:
            with suppress(ProcessLookupError):
                (os.kill if number is signal.SIGTERM else os.killpg)(self.pid, number)

    def beside(self) -> list[int]:
        """Return the processes that it has forked."""
        return [int(each) for each in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def stop(self, patience_s: float) -> None:
        """Ask it to end, and make it end when it has not done so in time."""
        self.signal(signal.SIGTERM)
        deadline = time.monotonic() + patience_s
        while self.running:
            if time.monotonic() > deadline:
                self.signal(signal.SIGKILL)
            time.sleep(_LOOK_S)


def hired(ground: Ground, service: str, prefix: str) -> Hand:
    """Start one more worker of a service."""
    folder = ground.folder / prefix
    ensure_secret(folder / "token-secret")
    name = f"{service}-{next(_number)}"
    orders = folder / f"{name}.orders"
    environment = {
        "MICROCRED_KAFKA_BOOTSTRAP": ground.bootstrap,
        "MICROCRED_MONGO_URL": ground.mongo_url,
        "MICROCRED_DATABASE_PREFIX": prefix + "_",
        "MICROCRED_TOPIC_PREFIX": prefix + ".",
        "MICROCRED_TOKEN_SECRET_FILE": str(folder / "token-secret"),
        "MICROCRED_KEY_FILE": str(folder / "issuer-key"),
        "MICROCRED_PUBLIC_URL": PUBLIC_URL,
        "MICROCRED_HTTP_PORT": str(free_port()),
        "MICROCRED_SESSION_TIMEOUT_S": str(SESSION_S),
        "MICROCRED_FETCH_RECORDS": _FETCH_RECORDS,
        "MICROCRED_FOLDING_PROCESSES": "2",
        VARIABLE: str(orders),
    }
    return started(ground.nursery, service, environment, folder / f"{name}.log", orders=orders)


def started(
    nursery: Path,
    service: str,
    environment: dict[str, str],
    log: Path,
    *,
    orders: Path | None = None,
    role: str = "worker",
) -> Hand:
    """Start a process of a service, as it ships unless its environment names a file for `orders`."""
    log.touch()
    return Hand(ask(nursery, service, role, environment, log), log, orders or log.with_suffix(".orders"))
