"""What is looked at before a server is started, so that a fault is told in one line and not in a log."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from deploy.local.errors import MEGABYTE, DiskFull, MissingProgram

DISK_WANTED = 500 * MEGABYTE


class Usage(Protocol):
    """The part of `shutil.disk_usage`'s answer that matters."""

    @property
    def free(self) -> int:
        """Bytes that can still be written."""
        ...


def check_disk(folder: Path, wanted: int = DISK_WANTED, usage: Callable[[Path], Usage] = shutil.disk_usage) -> None:
    """Raise `DiskFull` when the disk under `folder` has fewer than `wanted` bytes left."""
    free = usage(folder).free
    if free < wanted:
        raise DiskFull(folder, free, wanted)


def find_program(name: str, cure: str) -> str:
    """Return the path of a program on PATH, or raise `MissingProgram` with its cure."""
    found = shutil.which(name)
    if found is None:
        raise MissingProgram(name, cure)
    return found
