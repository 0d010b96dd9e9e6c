"""`microcred status`: are the services well, how far behind are they, what could they not take."""

from typing import Annotated

import httpx
import typer
from rich.table import Table

from deploy.cli.client import detail_of
from deploy.cli.console import out
from deploy.cli.lags import Behind, Log
from deploy.cli.options import BOOTSTRAP, FIRST_PORT, HOST, SERVICE_PORTS, Bootstrap, FirstPort, Host, TopicPrefix

PROBE_S = 3.0
READY = "ready"


def status(
    *,
    host: Host = HOST,
    first_port: FirstPort = FIRST_PORT,
    bootstrap: Bootstrap = BOOTSTRAP,
    prefix: TopicPrefix = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Show the services' health, how far each is behind on each topic, and how many dead letters there are.

    Ends with status 1 when a service is not well or there are dead letters.
    """
    urls = {name: f"{host}:{first_port + number}" for name, number in SERVICE_PORTS.items()}
    health = {name: probe(url) for name, url in urls.items()}
    log = Log(bootstrap, prefix)
    behind, letters = log.behind(), log.dead_letters()
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
        answers = [httpx.get(url + path, timeout=PROBE_S) for path in ("/healthz", "/readyz")]
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"does not answer ({error})"
    return next((detail_of(answer) for answer in answers if not answer.is_success), READY)


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
