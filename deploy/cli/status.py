"""`microcred status`: are the services well, how far behind are they, what could they not take."""

import re
from typing import Annotated

import httpx
import typer
from rich.table import Table

from deploy.cli.client import detail_of
from deploy.cli.console import out
from deploy.cli.lags import Behind, Log
from deploy.cli.options import BOOTSTRAP, FIRST_PORT, HOST, SERVICE_PORTS, Bootstrap, FirstPort, Host, TopicPrefix
from deploy.cli.trust import trust

PROBE_S = 3.0
READY = "ready"
OPEN_LETTERS = "microcred_dead_letters_open"


def status(
    *,
    host: Host = HOST,
    first_port: FirstPort = FIRST_PORT,
    bootstrap: Bootstrap = BOOTSTRAP,
    prefix: TopicPrefix = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Show the services' health, how far each is behind on each topic, and how many dead letters are open.

    Ends with status 1 when a service is not well or there are open dead letters (see `microcred dlq`).
    """
    urls = {name: f"{host}:{first_port + number}" for name, number in SERVICE_PORTS.items()}
    health = {name: probe(url) for name, url in urls.items()}
    log = Log(bootstrap, prefix)
    behind, laid = log.behind(), log.dead_letters()
    open_ = {name: open_letters(url) for name, url in urls.items()}
    letters = {name: laid[name] if told is None else told for name, told in open_.items()}
    if as_json:
        lag = [{"service": row.service, "topic": row.topic, "records": row.records} for row in behind]
        out.print_json(data={"health": health, "behind": lag, "dead_letters": letters})
    else:
        out.print(health_table(urls, health, behind, letters))
    if any(state != READY for state in health.values()) or any(letters.values()):
        raise typer.Exit(1)


def probe(url: str) -> str:
    """Return `ready`, or why a service is not."""
    try:
        answers = [httpx.get(url + path, timeout=PROBE_S, verify=trust()) for path in ("/healthz", "/readyz")]
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"does not answer ({error})"
    return next((detail_of(answer) for answer in answers if not answer.is_success), READY)


def open_letters(url: str) -> int | None:
    """Return how many dead letters wait for a decision; None where the process does not tell."""
    try:
        told = httpx.get(url + "/metrics", timeout=PROBE_S, verify=trust()).text
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    found = re.search(rf"^{OPEN_LETTERS} ([0-9.e+]+)$", told, re.MULTILINE)
    return int(float(found.group(1))) if found else None


def health_table(urls: dict[str, str], health: dict[str, str], behind: list[Behind], letters: dict[str, int]) -> Table:
    """Return one row for each service."""
    table = Table(title="Services", title_justify="left")
    for column in ("service", "address", "health", "behind", "dead letters"):
        table.add_column(column)
    for name, state in health.items():
        late = [f"{row.topic} {row.records:,}" for row in behind if row.service == name and row.records]
        colour = "green" if state == READY else "red"
        table.add_row(name, urls[name], f"[{colour}]{state}[/]", "\n".join(late) or "nothing", f"{letters[name]:,}")
    return table
