"""`microcred publish`: a file of events, or the OULAD tables, to the services."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.client import Http
from deploy.cli.console import errors, out
from deploy.cli.enrolment import HttpSender
from deploy.cli.kafka import kafka_sender
from deploy.cli.options import FIRST_PORT, HOST, SECRET_FILE, SecretFile, TopicPrefix
from deploy.cli.oulad.source import Oulad, notes
from deploy.cli.previewing import mapping, show
from deploy.cli.progress import bar
from deploy.cli.publishing.bookmark import Standing
from deploy.cli.publishing.publish import Sender, Trail
from deploy.cli.publishing.publish import publish as publish_rows
from deploy.cli.publishing.rows import Source
from deploy.cli.publishing.sources import Format, OuladOptions, source_of, trail_of
from deploy.cli.tokens import make_token, tenant_of

URL = f"{HOST}:{FIRST_PORT}"
TENANT = "demo"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send: the broker if it is given, else the enrolment service."""

    tenant: str
    url: str
    token: str
    bootstrap: str
    prefix: str

    @property
    def name(self) -> str:
        """What the bookmark knows the target by."""
        return f"{self.bootstrap} {self.prefix}".strip() if self.bootstrap else f"{self.url} as {self.tenant}"

    @contextmanager
    def sender(self) -> Iterator[Sender]:
        """Open the way there."""
        if self.bootstrap:
            with kafka_sender(self.bootstrap, self.prefix) as sender:
                yield sender
        else:
            with Http("enrolment", self.url, self.token) as http:
                yield HttpSender(http)


def publish(  # noqa: PLR0913 - each is an option
    path: Annotated[Path, typer.Argument(help="The file, or the folder of OULAD tables.", exists=True)],
    *,
    format_: Annotated[
        Format,
        typer.Option("--format", help="auto goes by the name: .csv is CSV, a folder OULAD, all else JSON lines."),
    ] = Format.AUTO,
    tenant: Annotated[
        str, typer.Option(help="The institution that the events are of; the token's by default.", show_default=TENANT)
    ] = "",
    url: Annotated[str, typer.Option(help="The enrolment service.", envvar="MICROCRED_ENROLMENT_URL")] = URL,
    token: Annotated[
        str, typer.Option(help="Access token; without one it is made from the secret.", envvar="MICROCRED_TOKEN")
    ] = "",
    secret_file: SecretFile = SECRET_FILE,
    bootstrap: Annotated[str, typer.Option(help="Write straight to this broker, not over HTTP.")] = "",
    prefix: TopicPrefix = "",
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew, whatever was published before.")] = False,
    state: Annotated[Path | None, typer.Option(help="Where to note how far it came.", dir_okay=False)] = None,
    pass_mark: Annotated[float, typer.Option(help="OULAD: what it takes to pass, in percent.", min=0, max=100)] = 40.0,
    salt: Annotated[str, typer.Option(help="OULAD: key of the hash that hides the students' numbers.")] = "oulad",
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help="CSV: what a name in the first row means, as NAME=COLUMN; NAME= is passed over."),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Only say what would be published; nothing is sent or written.")
    ] = False,
) -> None:
    """Publish events: JSON lines (CloudEvents), CSV, or the OULAD tables (plain or gzip).

    The same command given again goes on where an interrupted run stopped: how far it came stands in
    PATH.published.json (for a folder: NAME.published.json here). What is refused is written to PATH.refused.jsonl
    with line, field and reason, and the status is then 1. --preview says the same of all rows beforehand.

    CSV in UTF-8, parted by commas, semicolons or tabs, with the columns named in the first row: type (registered,
    unregistered, result, voided, verdict, recognised, identity), time (ISO 8601 with offset), learner_ref, offering;
    and optionally id, component, attempt, final, score, max_score, carried_over, result_id, role, term, passed, reason,
    verified, method, expires, platform.
    """
    tenant = tenant or (tenant_of(token) if token else TENANT)
    source = source_of(path, format_, tenant, OuladOptions(Decimal(str(pass_mark)), salt), mapping(map_ or []))
    if preview:
        show(source)
        return
    if not bootstrap and not token:
        token = make_token(secret_file, tenant, ["events:write", "offerings:write"])
    trail = trail_of(path, state)
    if restart:
        trail.forget()
    run(source, Target(tenant, url, token, bootstrap, prefix), trail)


def run(source: Source, target: Target, trail: Trail) -> None:
    """Publish with a progress bar and say how it went; ends with status 1 when rows were refused."""
    standing = trail.bookmark.resume(source, target.name)
    if standing.position:
        out.print(f"going on after {standing.published + standing.refused:,} rows of earlier runs")
    for note in notes(source) if isinstance(source, Oulad) else ():
        out.print(f"note: {note}")
    try:
        with target.sender() as sender:
            standing = _with_bar(source, sender, trail, standing)
    except KeyboardInterrupt:
        errors.print("stopped; the same command goes on from here")
        raise typer.Exit(130) from None
    out.print(f"published {standing.published:,} events to {target.name}")
    if standing.refused:
        errors.print(f"{standing.refused:,} rows were refused; each stands with its reason in {trail.refusals.path}")
        raise typer.Exit(1)


def _with_bar(source: Source, sender: Sender, trail: Trail, standing: Standing) -> Standing:
    with bar(errors) as progress:
        task = progress.add_task("publishing", total=source.size(), completed=standing.position, told="")

        def told(now: Standing) -> None:
            progress.update(task, completed=now.position, told=f"{now.published:,} events, {now.refused:,} refused")

        return publish_rows(source, sender, trail, standing, told)
