"""What can keep a command from its end; each message is one line that ends with the cure.

CliError
├── MissingSecret       there is no secret to sign a token with
├── Unreachable         nobody answers where a service or a broker should be
├── RequestRefused      a service refused a whole request
├── UnreadableInput     a file or a table cannot be read as what it was said to be
├── InputChanged        a file is not the one whose publishing was interrupted
├── ServiceEnded        a service that should run has ended
├── RebuildFailed       a rebuild did not come to its end
├── Undecided           a worker did not carry a decision about dead letters out in the time given
└── Unsettled           the pipeline did not come to rest in the time given
"""

from collections.abc import Sequence
from pathlib import Path


class CliError(Exception):
    """A command cannot go on; `cure` says what the reader can do about it."""

    def __init__(self, fault: str, cure: str) -> None:
        """Join fault and cure into the one line that is shown."""
        super().__init__(f"{fault}: {cure}")
        self.cure = cure


class MissingSecret(CliError):
    """There is no secret to sign a token with."""

    def __init__(self, file: Path) -> None:
        """Name the file."""
        super().__init__(f"no token secret in {file}", "start `microcred up` once, or name one with --secret-file")


class Unreachable(CliError):
    """Nobody answers where a service or a broker should be."""

    def __init__(self, what: str, where: str, why: object = "") -> None:
        """Name the service and its address."""
        super().__init__(
            f"{what} does not answer at {where}" + (f" ({why})" if str(why) else ""),
            "start it with `microcred up`, or give its address",
        )


class RequestRefused(CliError):
    """A service refused a whole request."""

    def __init__(self, what: str, status: int, why: str) -> None:
        """Name the request, and what the service said."""
        cures = {401: "make a new token with `microcred token`", 403: "make a token with the scope that is missing"}
        super().__init__(f"{what} was refused with status {status} ({why})", cures.get(status, "correct the request"))


class UnreadableInput(CliError):
    """A file or a table cannot be read as what it was said to be."""


class InputChanged(CliError):
    """A file is not the one whose publishing was interrupted."""

    def __init__(self, source: Path, position: int) -> None:
        """Name the file and how much of it had been published."""
        super().__init__(
            f"the first {position:,} bytes or rows of {source} are not those that were published before",
            "give --restart to publish it from its beginning; events that repeat change nothing",
        )


class ServiceEnded(CliError):
    """A service that should run has ended."""

    def __init__(self, name: str, log: Path, tail: Sequence[str]) -> None:
        """Name the service and show the end of its log."""
        shown = "".join(f"\n  {line}" for line in tail) or "\n  (nothing)"
        super().__init__(f"{name} has ended", f"see {log}, which ends with{shown}")


class RebuildFailed(CliError):
    """A rebuild did not come to its end."""

    def __init__(self, service: str, why: str) -> None:
        """Name the service, and what its process said."""
        super().__init__(
            f"the read models of {service} were not rebuilt ({why})",
            "the old ones are live as before; mend what it says and run the same command again",
        )


class Undecided(CliError):
    """A worker did not carry a decision about dead letters out in the time given."""

    def __init__(self, letters: int, seconds: float) -> None:
        """Say how many letters are open still, and for how long it was waited."""
        super().__init__(
            f"{letters:,} letters are still open after {seconds:.0f} s; what was decided stands on the log",
            "look whether the worker runs (`microcred status`), then give the same command again",
        )


class Unsettled(CliError):
    """The pipeline did not come to rest in the time given."""

    def __init__(self, seconds: float, behind: str) -> None:
        """Say how long it was waited for, and what is still behind."""
        super().__init__(
            f"not everything has gone through after {seconds:.0f} s ({behind})",
            "look at `microcred status` and the services' logs, or wait longer with --patience",
        )
