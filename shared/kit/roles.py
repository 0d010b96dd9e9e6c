"""The command line of a service: which part of it this process runs, and help that teaches."""

import argparse
import sys
from collections.abc import Sequence
from enum import StrEnum

from shared.kit.settings import ServiceSettings, described

_EXAMPLES = """\
examples:
  {prog}                   all of it in one process
  {prog} --role worker     the stream only, to scale it by its lag;
                               HTTP has /healthz, /readyz and /metrics
  {prog} --role api        HTTP only

settings, from the environment:
"""
_ENDING = """
SIGTERM and SIGINT end it in order: open requests, then the chunk in hand.
exit status: 0 stopped, 1 failed, 2 cannot start with these settings
"""


class Role(StrEnum):
    """The part of a service that one process runs."""

    API = "api"
    WORKER = "worker"
    ALL = "all"

    @property
    def answers(self) -> bool:
        """Whether the service's own routes are served."""
        return self is not Role.WORKER

    @property
    def works(self) -> bool:
        """Whether the stream is folded."""
        return self is not Role.API


def parse_role(argv: Sequence[str] | None, *, about: str, settings: type[ServiceSettings]) -> Role:
    """Return the role that the arguments ask for.

    Raises:
        SystemExit: 0 after the help, 2 for arguments that are not known.

    """
    prog = _prog()
    parser = argparse.ArgumentParser(
        prog,
        description=about,
        epilog=_EXAMPLES.format(prog=prog) + _table(settings) + _ENDING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--role", type=Role, choices=list(Role), default=Role.ALL, help="what this process runs (default: all)"
    )
    return Role(parser.parse_args(argv).role)


def _prog() -> str:
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return f"python -m {spec.name}" if spec else sys.argv[0]


def _table(settings: type[ServiceSettings]) -> str:
    rows = (f"  {name}\n      {meaning} [{default}]" for name, default, meaning in described(settings))
    return "\n".join(rows) + "\n"
