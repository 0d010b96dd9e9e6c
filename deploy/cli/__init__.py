"""The `microcred` command: one file for each group of commands; it starts services as processes and imports none."""

import typer

from deploy.cli.commands import Commands

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # they may hold a token
    help="Micro-credentials from platform events: run it, feed it, look at it, verify what comes out.",
    epilog="Example: microcred demo --once",
)


@app.callback()
def _all_together() -> None:
    """Make typer take this for a group, though it does not see the commands."""
