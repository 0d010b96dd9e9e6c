"""Which process spent the processors' time: read from /proc for ourselves and the servers that we started."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PARTS = {
    "services.enrolment.main": "enrolment",
    "services.assessment.main": "assessment",
    "services.issuance.main": "issuance",
    "services.analytics.main": "analytics",
    "kafka.Kafka": "kafka",
    "mongod": "mongod",
}


class _Process(NamedTuple):
    command: str
    parent: int
    seconds: float


def parent_and_seconds(folder: Path) -> tuple[int, float]:
    """Return a process's parent and its processor seconds so far; `folder` is its own below /proc."""
    # proc(5), /proc/pid/stat: fields 4, 14 and 15, counted from the state, which is the third.
    stat = (folder / "stat").read_text().rpartition(")")[2].split()
    return int(stat[1]), (int(stat[11]) + int(stat[12])) * _TICK_S


def cpu_seconds() -> dict[str, float]:
    """Return the processor seconds of each part so far; `sender` is this process."""
    spent = dict.fromkeys((*_PARTS.values(), "sender"), 0.0)
    running: dict[int, _Process] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent, seconds = parent_and_seconds(folder)
            command = (folder / "cmdline").read_text()
        except OSError:  # it has ended meanwhile
            continue
        running[int(folder.name)] = _Process(command, parent, seconds)
    ours = os.getpid()
    for pid, process in running.items():
        # What folds beside a worker is the worker's child, and has its command.
        above = running.get(process.parent, process)
        beside = above.parent == ours and above.command == process.command
        if beside or ours in {pid, process.parent}:
            spent["sender" if pid == ours else _part(process.command)] += process.seconds
    return spent


def since(before: Mapping[str, float]) -> dict[str, float]:
    """Return what each part has spent since."""
    return {part: seconds - before.get(part, 0.0) for part, seconds in cpu_seconds().items()}


def _part(command: str) -> str:
    return next((part for mark, part in _PARTS.items() if mark in command), "sender")
