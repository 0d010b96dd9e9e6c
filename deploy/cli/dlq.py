"""`microcred dlq`: the records that a service could not take, and what is done with them."""

import base64
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import typer
from rich.markup import escape
from rich.table import Table

from deploy.cli.client import Http
from deploy.cli.console import errors, lines, out
from deploy.cli.dead_letters import AT_ONCE, Filter, Letter, Outcome, decide, pages, show
from deploy.cli.options import FIRST_PORT, HOST, SECRET_FILE, SERVICE_PORTS, SecretFile
from deploy.cli.progress import bar
from deploy.cli.tokens import make_token

Service = StrEnum("Service", {name.upper(): name for name in SERVICE_PORTS})  # type: ignore[misc]  # typer wants one
OPERATORS = "operators"
"""The tenant of an operator's token: it stands for no institution."""

Which = Annotated[Service, typer.Argument(help="The service that could not take them.", show_default=False)]
Token = Annotated[
    str, typer.Option(help="Access token; without one it is made from the secret.", envvar="MICROCRED_TOKEN")
]
Url = Annotated[str, typer.Option(help="The service's address; by default where `microcred up` starts it.")]
Topic = Annotated[str, typer.Option(help="Only those that stood on this topic.")]
Error = Annotated[str, typer.Option(help="Only those that were refused for this, such as UnknownVersion.")]
Letters = Annotated[list[str] | None, typer.Argument(help="As `list` names them: topic/partition/offset.")]
All = Annotated[bool, typer.Option("--all", help="All open ones, or all that --topic and --error leave.")]
Wait = Annotated[float, typer.Option(help="Seconds to wait for the worker to carry a decision out.", min=1)]

dlq = typer.Typer(
    no_args_is_help=True,
    help="Dead letters: list, show, redrive or discard the records that a service could not take.",
    epilog="Example: microcred dlq redrive assessment --all --error UnknownVersion",
)


@contextmanager
def _asked(service: Service, url: str, token: str, secret_file: Path) -> Iterator[Http]:
    url = url or f"{HOST}:{FIRST_PORT + SERVICE_PORTS[service.value]}"
    with Http(service.value, url, token or make_token(secret_file, OPERATORS, ["operate"])) as http:
        yield http


@dlq.command("list", epilog="Example: microcred dlq list assessment --error UnknownVersion")
def list_(  # noqa: PLR0913 - each is an option
    service: Which,
    *,
    status: Annotated[str, typer.Option(help="open, redriven or discarded.")] = "open",
    topic: Topic = "",
    error: Error = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")] = False,
    url: Url = "",
    token: Token = "",
    secret_file: SecretFile = SECRET_FILE,
) -> None:
    """List dead letters in the order in which their records stood on the log."""
    with _asked(service, url, token, secret_file) as http:
        count = waiting = 0
        for page in pages(http, Filter(topic=topic, error=error), status):
            if as_json:
                sys.stdout.writelines(orjson.dumps(letter).decode() + "\n" for letter in page)
            elif page:
                out.print(_table(page))
            count += len(page)
            waiting += sum(letter["waiting"] for letter in page)
    if not as_json:
        out.print(f"{count:,} {status}, {waiting:,} records wait behind them")


@dlq.command("show", epilog="Example: microcred dlq show assessment platform.events/3/1042 --raw record.bin")
def show_(  # noqa: PLR0913 - each is an option
    service: Which,
    letter: Annotated[str, typer.Argument(help="As `list` names it: topic/partition/offset.", show_default=False)],
    *,
    raw: Annotated[Path | None, typer.Option(help="Write the untouched bytes here.", dir_okay=False)] = None,
    url: Url = "",
    token: Token = "",
    secret_file: SecretFile = SECRET_FILE,
) -> None:
    """Show one dead letter: where its record stood, why it was refused, its headers and its bytes."""
    with _asked(service, url, token, secret_file) as http:
        found = show(http, letter)
    value, text, headers = (found.pop(name) for name in ("value", "text", "headers"))
    lines(out, {name.replace("_", " "): told for name, told in found.items() if told is not None})
    for name, told in headers:
        out.print(f"header {name}: {base64.b64decode(told).decode(errors='replace')}", markup=False)
    data = base64.b64decode(value or "")
    out.print(text if text is not None else data.hex(" ", 2), markup=False, soft_wrap=True)
    if raw is not None:
        raw.write_bytes(data)
        errors.print(f"{len(data):,} bytes written to {raw}")


@dlq.command(epilog="Examples: microcred dlq redrive assessment --all  |  microcred dlq redrive issuance passed/3/17")
def redrive(  # noqa: PLR0913 - each is an option
    service: Which,
    letters: Letters = None,
    *,
    all_: All = False,
    topic: Topic = "",
    error: Error = "",
    why: Annotated[str, typer.Option(help="Why, for those who look at it later.")] = "",
    patience: Wait = 60,
    url: Url = "",
    token: Token = "",
    secret_file: SecretFile = SECRET_FILE,
) -> None:
    """Let the service take refused records again, with their ids and in their order, then what waits behind them.

    Can be stopped at any time: the same command goes on with those that are still open. Ends with status 1 when a
    record was refused again.
    """
    wanted = _wanted(letters, all_, topic, error)
    with _asked(service, url, token, secret_file) as http:
        outcome = _run(http, "redrive", wanted, why, patience)
    for again in outcome.again:
        errors.print(f"{again['id']} was refused again ({again['error']}): {again['reason']}", markup=False)
    out.print(f"redriven {outcome.settled:,}, refused again {len(outcome.again):,}, left {len(outcome.left):,}")
    if outcome.again or outcome.left:
        raise typer.Exit(1)


@dlq.command(epilog='Example: microcred dlq discard enrolment platform.events/3/7 --why "a test of the platform"')
def discard(  # noqa: PLR0913 - each is an option
    service: Which,
    letters: Letters = None,
    *,
    why: Annotated[str, typer.Option(help="Why the events may be lost; kept with the letters.", show_default=False)],
    all_: All = False,
    topic: Topic = "",
    error: Error = "",
    patience: Wait = 60,
    url: Url = "",
    token: Token = "",
    secret_file: SecretFile = SECRET_FILE,
) -> None:
    """Give refused records up for good, and let what waits behind them go on."""
    wanted = _wanted(letters, all_, topic, error)
    with _asked(service, url, token, secret_file) as http:
        outcome = _run(http, "discard", wanted, why, patience)
    out.print(f"discarded {outcome.settled:,}")


def _wanted(letters: list[str] | None, all_: bool, topic: str, error: str) -> Filter:  # noqa: FBT001 - typer's option
    if bool(letters) == all_:
        raise typer.BadParameter("name the letters, or give --all, not both", param_hint="LETTERS")
    return Filter(letters or (), topic, error)


def _run(http: Http, do: Literal["redrive", "discard"], wanted: Filter, why: str, patience_s: float) -> Outcome:
    found: list[Letter] = []
    for start in range(0, max(len(wanted.ids), 1), AT_ONCE):
        some = Filter(wanted.ids[start : start + AT_ONCE], wanted.topic, wanted.error)
        found += [letter for page in pages(http, some, status="open") for letter in page]
    missing = [id_ for id_ in wanted.ids if id_ not in {letter["id"] for letter in found}]
    for id_ in missing:
        errors.print(f"{id_} is not open here: left alone")
    try:
        with bar(errors) as progress:
            task = progress.add_task(do, total=len(found), told="")

            def told(now: Outcome) -> None:
                progress.update(task, completed=now.seen, told=f"{now.settled:,} through, {len(now.again):,} refused")

            outcome = decide(http, do, found, why, patience_s=patience_s, told=told)
    except KeyboardInterrupt:
        errors.print("stopped; the same command goes on with those that are still open")
        raise typer.Exit(130) from None
    for id_, reason in outcome.left:
        errors.print(f"{id_} was left alone: {reason}", markup=False)
    return outcome


def _table(letters: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("letter", "first refused", "tries", "waiting", "why"):
        table.add_column(column, overflow="fold")
    for each in letters:
        why = f"{each['error']}: {each['reason']}"
        first = each["first_failed"][:19].replace("T", " ")
        table.add_row(each["id"], first, str(each["attempts"]), str(each["waiting"]), escape(why))
    return table
