"""The `microcred` command: one file for each group of commands; it starts services as processes and imports none."""

import typer

from deploy.cli.check import check
from deploy.cli.console import OneLineErrors
from deploy.cli.credential import credential
from deploy.cli.demo import demo
from deploy.cli.dlq import dlq
from deploy.cli.keys import keys
from deploy.cli.publish import publish
from deploy.cli.rebuild import EXAMPLES as REBUILD_EXAMPLES
from deploy.cli.rebuild import rebuild
from deploy.cli.status import status
from deploy.cli.tokens import token
from deploy.cli.topics import topics
from deploy.cli.up import up
from deploy.cli.verify import verify

app = typer.Typer(
    cls=OneLineErrors,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # they may hold a token
    help="Micro-credentials from platform events: run it, feed it, look at it, verify what comes out.",
    epilog="Example: microcred demo --once",
)

COMMANDS = (
    (demo, "Example: microcred demo --once --learners 500"),
    (up, "Example: microcred up --broker apache"),
    (publish, "Examples: microcred publish events.jsonl  |  microcred publish --format oulad ../shared/data/oulad"),
    (status, "Example: microcred status --json"),
    (topics, "Example: microcred topics --create --bootstrap localhost:9092"),
    (rebuild, REBUILD_EXAMPLES),
    (verify, "Examples: microcred verify badge.json  |  microcred verify http://localhost:8003/credentials/ID"),
    (check, "Examples: microcred check offering.json  |  microcred check *.json --rules cmf@current --json"),
    (token, "Example: microcred token --tenant harbour --scope read --hours 8"),
)

for command, epilog in COMMANDS:
    app.command(epilog=epilog)(command)
app.command(
    epilog="Examples: microcred keys list  |  microcred keys rotate --tenant harbour  |  microcred keys rotate --help",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(keys)
app.add_typer(dlq, name="dlq")
app.add_typer(credential, name="credential")
