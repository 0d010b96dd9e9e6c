"""All commands, and the group that loads one when it is asked for: to load all takes longer than most have to do."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import typer
from typer.main import get_command, get_group

from deploy.cli.console import OneLineErrors

_REBUILD = """Examples:

microcred rebuild assessment  |  all its read models, compared with the old ones, and switched to

microcred rebuild assessment --model progress  |  one of them, and what it is graded beside

microcred rebuild assessment --accept-differences  |  after a look at the differences that were reported

microcred rebuild assessment --rollback  |  back to the read models before the last switch

microcred rebuild assessment --discard  |  drop what was made and not switched to
"""
_KEYS = "Examples: microcred keys list  |  microcred keys rotate --tenant harbour  |  microcred keys rotate --help"


@dataclass(frozen=True, slots=True)
class Command:
    """A function of a module in `deploy.cli`, both of the command's name unless another `module` is named."""

    epilog: str
    module: str = ""
    context: dict[str, Any] = field(default_factory=dict)


COMMANDS = {
    "demo": Command("Example: microcred demo --once --learners 500"),
    "up": Command("Example: microcred up --broker apache"),
    "publish": Command(
        "Examples: microcred publish events.jsonl  |  microcred publish --format oulad ../shared/data/oulad"
    ),
    "status": Command("Example: microcred status --json"),
    "topics": Command("Example: microcred topics --create --bootstrap localhost:9092"),
    "rebuild": Command(_REBUILD),
    "verify": Command(
        "Examples: microcred verify badge.json  |  microcred verify http://localhost:8003/credentials/ID"
    ),
    "check": Command("Examples: microcred check offering.json  |  microcred check *.json --rules cmf@current --json"),
    "token": Command("Example: microcred token --tenant harbour --scope read --hours 8", "tokens"),
}
HANDED_OVER = {
    "keys": Command(
        _KEYS,
        context={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    )
}
GROUPS = ("dlq", "credential")
"""Modules in `deploy.cli` with commands below a command, in an app of the same name."""


class Commands(OneLineErrors):
    """Knows the names of all commands, and loads those that are run or shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the names, in the order of the help."""
        super().__init__(*args, **kwargs)
        # Typer asks `get_command` for what stands behind a name.
        self.commands = dict.fromkeys([*COMMANDS, *HANDED_OVER, *GROUPS])  # type: ignore[assignment]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - typer's signature
        """Load a command, or return None when there is none of that name."""
        if cmd_name in GROUPS:
            group = get_group(getattr(import_module(f"deploy.cli.{cmd_name}"), cmd_name))
            group.name = cmd_name
            return group
        command = COMMANDS.get(cmd_name) or HANDED_OVER.get(cmd_name)
        if command is None:
            return None
        function = getattr(import_module(f"deploy.cli.{command.module or cmd_name}"), cmd_name)
        one = typer.Typer(add_completion=False)
        one.command(cmd_name, epilog=command.epilog, context_settings=command.context)(function)
        return get_command(one)
