"""`microcred check`: what frameworks of micro-credentials ask of an offering, and what its definition says."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.markup import escape
from rich.table import Table

from deploy.cli.client import Http
from deploy.cli.console import errors, out
from deploy.cli.errors import UnreadableInput
from deploy.cli.options import FIRST_PORT, HOST, SECRET_FILE, SERVICE_PORTS, SecretFile, Tenant
from deploy.cli.progress import bar
from deploy.cli.tokens import make_token

MAX_BYTES = 1024 * 1024
ENROLMENT = f"{HOST}:{FIRST_PORT + SERVICE_PORTS['enrolment']}"
FOUND = 3
"""The status when something that is required is not there; 1 is for what could not be checked."""
_COLOURS = {"required": "red", "recommended": "yellow", "note": "dim"}


def check(  # noqa: PLR0913 - each is an option
    files: Annotated[
        list[Path], typer.Argument(help="Definitions of offerings as JSON, as PUT /v1/offerings takes them.")
    ],
    *,
    tenant: Tenant = "harbour",
    rules: Annotated[
        list[str] | None, typer.Option(help="Only this rule set, such as cmf@current; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all that the service answered.")] = False,
    url: Annotated[
        str, typer.Option(help="The enrolment service that checks.", envvar="MICROCRED_ENROLMENT_URL")
    ] = ENROLMENT,
    token: Annotated[
        str, typer.Option(help="Access token; without one it is made from the secret.", envvar="MICROCRED_TOKEN")
    ] = "",
    secret_file: SecretFile = SECRET_FILE,
) -> None:
    """Hold definitions of offerings against the rule sets of frameworks: findings with their places and sources.

    There is no verdict. The status is 0 when nothing that is required is missing, 3 when something is, 1 when a file
    could not be checked.
    """
    definitions = {str(file): definition_of(file) for file in files}
    asked = {"rule_sets": rules} if rules else {}
    with Http("enrolment", url, token or make_token(secret_file, tenant, ["read"])) as http:
        answers = answers_to(http, definitions, asked)
    if as_json:
        out.print_json(orjson.dumps(answers).decode())
    else:
        for name, answer in answers.items():
            show(name, answer, several=len(answers) > 1)
    if any(each["severity"] == "required" for answer in answers.values() for each in answer["findings"]):
        raise typer.Exit(FOUND)


def definition_of(file: Path) -> Any:
    """Return the definition in a file, which may hold it as it is, or an event that published it."""
    with file.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableInput(f"{file} has more than {MAX_BYTES} bytes", "give one definition a file")
    try:
        document = orjson.loads(content)
    except ValueError as error:
        raise UnreadableInput(f"{file} is not JSON ({error})", "give the definition as JSON") from error
    if not isinstance(document, dict):
        raise UnreadableInput(f"{file} is no definition of an offering", "give one JSON object a file")
    return document["data"] if "specversion" in document else document


def answers_to(http: Http, definitions: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the service answers to each definition, by the name of its file."""
    with bar(errors) as progress:
        task = progress.add_task("check", total=len(definitions), told="", visible=len(definitions) > 1)
        answers: dict[str, Any] = {}
        for name, definition in definitions.items():
            body = {"definition": definition, **asked}
            answers[name] = http.call("POST", "/v1/offerings/check", json=body).json()
            progress.update(task, advance=1, told=Path(name).name)
    return answers


def show(name: str, answer: dict[str, Any], *, several: bool) -> None:
    """Print the findings of one definition, and how complete it is."""
    if several:
        out.print(f"[bold]{escape(name)}[/]")
    if answer["findings"]:
        out.print(_table(answer["findings"]))
    for each in answer["completeness"]:
        missing = ", ".join(one["path"] for one in each["missing"]) or "nothing"
        counted = f"{each['said']} of {each['of']}, {each['at_award']} when it is awarded"
        left_out = f", {each['not_applicable']} not applicable" if each["not_applicable"] else ""
        out.print(f"{each['rule_set']} {each['group']}: {counted}{left_out}; missing: {missing}", markup=False)
    kinds = Counter(each["severity"] for each in answer["findings"])
    told = ", ".join(f"{kinds[kind]} {kind}" for kind in _COLOURS)
    out.print(f"{answer['rules']} rules of {len(answer['rule_sets'])} rule sets: {told}", markup=False)


def _table(findings: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("severity", "rule", "found", "wanted"):
        table.add_column(column, overflow="fold", no_wrap=column in {"severity", "rule"})
    for each in findings:
        colour, severity = _COLOURS[each["severity"]], each["severity"]
        wanted = each["wanted"] if not each["overridden"] else f"overridden: {each['overridden']}"
        source = each["source"] if each["read"] == "original" else f"{each['source']} (as others quote it)"
        found = "\n".join(f"{one['path']}: {_value(one['value'])}" for one in each["found"])
        table.add_row(
            f"[{colour}]{severity}[/]",
            escape(each["rule"]),
            escape(found),
            f"{escape(wanted)}\n[dim]{escape(source)}[/]",
        )
    return table


def _value(value: Any) -> str:
    return "nothing" if value in (None, [], {}) else value if isinstance(value, str) else orjson.dumps(value).decode()
