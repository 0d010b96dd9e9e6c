"""One worker process of a service, with the file that its orders to die are laid down in."""

import signal
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from deploy.local.checks import free_port
from deploy.local.process import Process
from shared.kit.secret import ensure_secret
from tests.chaos.doomed.orders import VARIABLE, Order
from tests.chaos.ground import SESSION_S, Ground

PUBLIC_URL = "http://localhost:8003"
_FETCH_RECORDS = "200"
_number = count(1)


@dataclass(slots=True)
class Hand:
    """A worker at work; `let_go` tells that its end is intended."""

    process: Process
    orders: Path
    let_go: bool = False
    started: float = field(default_factory=time.monotonic)

    def order(self, order: Order) -> None:
        """Tell it when to die."""
        self.let_go = True
        order.give(self.orders)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.signal(number)

    @property
    def last_words(self) -> str:
        """The end of its log."""
        return self.process.log.read_text(errors="replace")[-3_000:]


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
        VARIABLE: str(orders),
    }
    command = [sys.executable, "-m", "tests.chaos.doomed", service, "--role", "worker"]
    return Hand(Process(name, command, folder / f"{name}.log", environment), orders)
