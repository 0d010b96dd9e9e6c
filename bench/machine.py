"""What was measured on: versions, hardware, and how busy the machine was before we began."""

import os
import platform
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from pymongo import MongoClient

from deploy.local.jars import KAFKA

_PACKAGES = (
    "microcred",
    "faust-streaming",
    "aiokafka",
    "confluent-kafka",
    "faststream",
    "motor",
    "pymongo",
    "pydantic",
    "uvloop",
    "fastapi",
    "cryptography",
)
_GIB = 2**30


def versions(mongo_url: str) -> dict[str, str]:
    """Return name and version of all that takes part."""
    client: MongoClient[dict[str, object]] = MongoClient(mongo_url)
    with client:
        mongod = str(client.server_info()["version"])
    servers = {"python": platform.python_version(), "kafka": KAFKA, "mongod": mongod}
    return servers | {package: version(package) for package in _PACKAGES}


def hardware() -> dict[str, str]:
    """Return processor, cores and memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory / _GIB:.0f} GiB",
        "kernel": platform.release(),
    }


def load(seconds: float = 2.0) -> dict[str, str]:
    """Return the load average and how much of the processors others used during these seconds."""
    busy, whole = _ticks()
    time.sleep(seconds)
    busy_after, whole_after = _ticks()
    share = (busy_after - busy) / max(whole_after - whole, 1)
    averages = " ".join(f"{number:.2f}" for number in os.getloadavg())
    return {"load average": averages, "busy before we began": f"{share:.0%}"}


def line(facts: Mapping[str, str]) -> str:
    """Return facts as one line of text."""
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def _processor() -> str:
    for each in Path("/proc/cpuinfo").read_text().splitlines():
        if each.startswith("model name"):
            return each.partition(":")[2].strip()
    return platform.machine()


def _ticks() -> tuple[int, int]:
    # user nice system idle iowait irq softirq steal (proc(5), /proc/stat)
    ticks = [int(number) for number in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)
