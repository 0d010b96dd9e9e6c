"""`microcred verify`: whether a credential is real, unchanged, valid and not revoked."""

import sys
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer

from deploy.cli.client import Http
from deploy.cli.console import lines, out
from deploy.cli.errors import UnreadableInput
from deploy.cli.issuance import steps_table, summary, verify_credential
from deploy.cli.options import FIRST_PORT, HOST, SERVICE_PORTS
from deploy.cli.trust import trust

MAX_BYTES = 1024 * 1024
FETCH_S = 15.0
ISSUANCE = f"{HOST}:{FIRST_PORT + SERVICE_PORTS['issuance']}"


def verify(
    credential: Annotated[str, typer.Argument(help="A file, a URL, or - for standard input.", metavar="FILE|URL")],
    *,
    url: Annotated[
        str, typer.Option(help="The issuance service that checks.", envvar="MICROCRED_ISSUANCE_URL")
    ] = ISSUANCE,
) -> None:
    """Verify a credential step by step: form, schema, proof, issuer, dates, status.

    The status is 0 only when it may be relied on.
    """
    document = load(credential)
    with Http("issuance", url) as issuance:
        verdict = verify_credential(issuance, document)
    lines(out, summary(document))
    out.print(steps_table(verdict))
    out.print("[bold green]verified[/]" if verdict.verified else "[bold red]not verified[/]")
    if not verdict.verified:
        raise typer.Exit(1)


def load(where: str) -> Any:
    """Return the JSON document of a file, a URL or standard input; raises `UnreadableInput`."""
    if where.startswith(("http://", "https://")):
        content = _fetch(where)
    elif where == "-":
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        with Path(where).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableInput(f"{where} has more than {MAX_BYTES} bytes", "give the credential alone")
    try:
        return orjson.loads(content)
    except ValueError as error:
        raise UnreadableInput(f"{where} is not JSON ({error})", "give the credential as JSON") from error


def _fetch(url: str) -> bytes:
    accept = {"Accept": "application/vc+ld+json, application/vc, application/json"}
    try:
        with httpx.stream("GET", url, headers=accept, timeout=FETCH_S, follow_redirects=True, verify=trust()) as answer:
            if not answer.is_success:
                raise UnreadableInput(f"{url} answered with status {answer.status_code}", "check the address")
            content = b""
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > MAX_BYTES:
                    break
            return content
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnreadableInput(f"{url} could not be fetched ({error})", "check the address") from error
