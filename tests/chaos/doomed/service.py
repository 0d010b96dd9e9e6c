"""A service as it ships, or the counting one, with orders to obey."""

import gc
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from shared.kit.run import run
from shared.kit.settings import ServiceSettings
from tests.chaos.doomed.orders import VARIABLE, Orders
from tests.chaos.doomed.points import doomed

SERVICES = ("counting", "enrolment", "assessment", "issuance", "analytics")
_NEEDED = (
    "shared.kit.engine",
    "shared.kit.mongo",
    "shared.kit.producer",
    # What the engine and the HTTP side load when they start.
    "shared.kit.transport",
    "faust.app.router",
    "faust.assignor.leader_assignor",
    "faust.fixups.django",
    "faust.tables.manager",
    "faust.tables.table",
    "faust.transport.conductor",
    "faust.worker",
    "uvicorn.lifespan.off",
    "uvicorn.protocols.http.httptools_impl",
)


def load() -> None:
    """Load all that any worker needs; nothing is started."""
    for service in SERVICES:
        _root(service)
    for module in _NEEDED:
        import_module(module)
    # Or each that is forked would look through all of it for garbage, and so copy it.
    gc.freeze()


def work(service: str, role: str) -> int:
    """Run one role of a service until it is stopped, fails or dies; return its exit status.

    Where no file for orders is named, it has the ports that it ships with.
    """
    ports = doomed(Orders(Path(os.environ[VARIABLE]))) if VARIABLE in os.environ else None
    settings: Any = ServiceSettings
    if service != "counting":
        settings = import_module(f"services.{service}.settings").Settings
    return run(_root(service).service, settings, ["--role", role], ports=ports)


def _root(service: str) -> Any:
    return import_module("tests.chaos.counting_service" if service == "counting" else f"services.{service}.main")
