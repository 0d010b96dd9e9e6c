"""What can keep a server of this machine from starting; each message is one line that ends with the cure."""

from collections.abc import Sequence
from pathlib import Path

MEGABYTE = 1_000_000
LONGEST_CAUSE = 300  # characters of a log that still read as one line


class LocalError(Exception):
    """A server of the local stack cannot run; `cure` says what the reader can do about it."""

    def __init__(self, fault: str, cure: str) -> None:
        """Join fault and cure into the one line that is shown."""
        self.cure = cure
        super().__init__(f"{fault}: {cure}")


class PortInUse(LocalError):
    """Something else listens on the port that was asked for."""

    def __init__(self, port: int, setting: str) -> None:
        """Name the port and the setting that changes it."""
        super().__init__(f"port {port} is in use", f"stop what listens there, or give another port with {setting}")


class FolderInUse(LocalError):
    """Another stack runs on the same folder; two would write over each other's data."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(f"a stack is already running on {folder}", "stop it, or give another folder with --folder")


class DiskFull(LocalError):
    """Too little room where the data go."""

    def __init__(self, folder: Path, free: int, wanted: int) -> None:
        """Name the folder and both sizes, in bytes."""
        fault = f"{folder} has {free // MEGABYTE} MB free and {wanted // MEGABYTE} MB are wanted"
        super().__init__(fault, "free some room there, or give a folder on another disk with --folder")


class MissingLibrary(LocalError):
    """Shared libraries that a server binary needs are not installed."""

    def __init__(self, program: str, libraries: Sequence[str], packages: Sequence[str]) -> None:
        """Name the libraries and the Debian packages that bring them."""
        fault = f"{program} needs {', '.join(libraries)}, not found on this machine"
        super().__init__(fault, f"apt-get install {' '.join(packages)}")


class MissingProgram(LocalError):
    """A program that the chosen server needs is not installed, or is too old."""

    def __init__(self, program: str, cure: str) -> None:
        """Name the program and how to get it."""
        super().__init__(f"{program} was not found", cure)


class ChecksumMismatch(LocalError):
    """A cached jar is not the file that SHA256SUMS names."""

    def __init__(self, jar: Path, why: str) -> None:
        """Name the jar and what is wrong with it."""
        cure = f"delete {jar.parent} to fetch it anew; if it happens again, do not trust the source"
        super().__init__(f"{jar.name} {why}", cure)


class StartFailed(LocalError):
    """A server ended, or stayed silent, before it was ready."""

    def __init__(self, program: str, how: str, cause: str, log: Path) -> None:
        """Say how it ended, with the line of its log that says why."""
        short = " ".join(cause.split())[:LONGEST_CAUSE]
        super().__init__(f"{program} {how} ({short})", f"see {log}")
