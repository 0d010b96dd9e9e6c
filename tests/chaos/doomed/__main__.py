"""`python -m tests.chaos.doomed SERVICE ...`: that service as it ships, or the counting one, with orders to obey."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from shared.kit.service import run
from shared.kit.settings import ServiceSettings
from tests.chaos.doomed.orders import VARIABLE, Orders
from tests.chaos.doomed.points import doomed


def main(service: str, argv: list[str]) -> int:
    """Run the service until it is stopped, fails or dies."""
    ports = doomed(Orders(Path(os.environ[VARIABLE])))
    if service == "counting":
        root: Any = import_module("tests.chaos.counting_service")
        return run(root.service, ServiceSettings, argv, ports=ports)
    root = import_module(f"services.{service}.main")
    return run(root.service, _settings(service), argv, ports=ports)


def _settings(service: str) -> Any:
    return import_module(f"services.{service}.settings").Settings


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2:]))
