"""The command line of a service: which part of it this process runs, and help that teaches."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.kit.rebuild.wish import Wish
from shared.kit.settings import ServiceSettings, described

_EXAMPLES = """\
examples:
  {prog}                   all of it in one process
  {prog} --role worker     the stream only, to scale it by its lag;
                               HTTP has /healthz, /readyz and /metrics
  {prog} --role api        HTTP only
  {prog} --role bridge     read the topics of platforms, where the service does
  {prog} --role rebuild    make the read models anew from the log, compare,
                               switch, end; the service goes on meanwhile

settings, from the environment:
"""
_ENDING = """
SIGTERM and SIGINT end it in order: open requests, then the chunk in hand.
exit status: 0 stopped, 1 failed, 2 cannot start with these settings;
of a rebuild: 0 switched, 3 the new read models differ from the old ones
"""


class Role(StrEnum):
    """The part of a service that one process runs."""

    API = "api"
    WORKER = "worker"
    ALL = "all"
    BRIDGE = "bridge"
    REBUILD = "rebuild"

    @property
    def answers(self) -> bool:
        """Whether the service's own routes are served."""
        return self in {Role.API, Role.ALL}

    @property
    def works(self) -> bool:
        """Whether the stream is folded."""
        return self in {Role.WORKER, Role.ALL, Role.BRIDGE}


@dataclass(frozen=True, slots=True)
class Command:
    """What the arguments ask for; `wish` is for the role `rebuild`."""

    role: Role
    wish: Wish


def parse_command(argv: Sequence[str] | None, *, about: str, settings: type[ServiceSettings]) -> Command:
    """Return what the arguments ask for.

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
    options = parser.add_argument_group("with --role rebuild")
    options.add_argument("--model", metavar="NAME", help="only this read model, and those that it looks beside")
    after = options.add_mutually_exclusive_group()
    after.add_argument("--accept-differences", action="store_true", help="switch although the new ones differ")
    after.add_argument("--rollback", action="store_true", help="go back to the read models before the last switch")
    after.add_argument("--discard", action="store_true", help="drop what a rebuild has made and not switched to")
    given = vars(parser.parse_args(argv))
    role = Role(given.pop("role"))
    if any(given.values()) and role is not Role.REBUILD:
        parser.error("--model, --accept-differences, --rollback and --discard are for --role rebuild")
    if given["model"] and (given["rollback"] or given["discard"]):
        parser.error("--rollback and --discard know by themselves which read models are meant; leave --model out")
    return Command(role, Wish(**given))


def _prog() -> str:
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return f"python -m {spec.name}" if spec else sys.argv[0]


def _table(settings: type[ServiceSettings]) -> str:
    rows = (f"  {name}\n      {meaning} [{default}]" for name, default, meaning in described(settings))
    return "\n".join(rows) + "\n"
