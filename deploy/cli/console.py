"""How commands speak: figures on stdout, faults in one line on stderr."""

import errno
from collections.abc import Callable, Mapping
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from deploy.cli.errors import CliError
from deploy.local.errors import LocalError
from shared.kit.errors import KitError

out = Console(highlight=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


class OneLineErrors(TyperGroup):
    """Shows what is the user's to mend as one line; anything else is a fault of ours and keeps its traceback."""

    def invoke(self, ctx: Any) -> Any:  # typer's own copy of click names the type, under a private name
        """Run the command, and end with status 1 when it cannot go on."""
        return spoken(lambda: super(OneLineErrors, self).invoke(ctx))


def lines(console: Console, rows: Mapping[str, object]) -> None:
    """Print names and values, each pair on one line however long, so that addresses can be copied."""
    width = max(map(len, rows))
    for name, value in rows.items():
        console.print(f"{name:<{width}}  {value}", soft_wrap=True, markup=False)


def spoken(run: Callable[[], Any]) -> Any:
    """Run, and turn a known error into its line and status 1."""
    try:
        return run()
    except (CliError, LocalError, KitError) as error:
        line = str(error)
    except OSError as error:
        line = _of_system(error)
    errors.print(f"[bold red]error[/bold red] {escape(line)}")
    raise typer.Exit(1)


def _of_system(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"the disk is full{where}: free some room and run the same command again"
    return f"{error.strerror or error}{where}: look at the path and its permissions"
