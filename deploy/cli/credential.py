"""`microcred credential`: what an institution decides about a credential after it was issued."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from deploy.cli.client import Http
from deploy.cli.console import lines, out
from deploy.cli.options import FIRST_PORT, HOST, SECRET_FILE, SERVICE_PORTS, SecretFile, Tenant
from deploy.cli.tokens import make_token

Which = Annotated[str, typer.Argument(help="The credential's id, or its URL.", show_default=False)]
Code = Annotated[
    str, typer.Option(help="Why, in a word that everybody may read, such as issued-in-error.", show_default=False)
]
Note = Annotated[str, typer.Option(help="More about it, for your own records; no names, no addresses.")]
Url = Annotated[str, typer.Option(help="The issuance service.", envvar="MICROCRED_ISSUANCE_URL")]
Token = Annotated[
    str, typer.Option(help="Access token; without one it is made from the secret.", envvar="MICROCRED_TOKEN")
]
Wait = Annotated[int, typer.Option(help="Seconds to wait until it is carried out.", min=0, max=10)]
ISSUANCE = f"{HOST}:{FIRST_PORT + SERVICE_PORTS['issuance']}"

credential = typer.Typer(
    no_args_is_help=True,
    help="The life of a credential: revoke, suspend, reinstate, renew, correct or award it again.",
    epilog="Example: microcred credential suspend 2b1f2a52-9a2b-5f0e-8f0b-0f6d7a2c9d11 --tenant harbour --code inquiry",
)


def _command(kind: str, example: str, says: str) -> None:
    def plain(  # noqa: PLR0913 - each is an option
        which: Which,
        *,
        tenant: Tenant,
        code: Code,
        note: Note = "",
        wait: Wait = 5,
        url: Url = ISSUANCE,
        token: Token = "",
        secret_file: SecretFile = SECRET_FILE,
    ) -> None:
        _decide(kind, which, {"code": code, "note": note}, wait, Asking(url, tenant, token, secret_file))

    plain.__doc__ = says
    credential.command(kind, epilog=f"Example: microcred credential {kind} ID --tenant harbour {example}")(plain)


class Asking:
    """Which service is asked, and for whom."""

    def __init__(self, url: str, tenant: str, token: str, secret_file: Path) -> None:
        """Make a token unless there is one."""
        self.url = url
        self.token = token or make_token(secret_file, tenant, ["credentials:write"])


_command("revoke", "--code issued-in-error", "Revoke a credential for good: no verifier anywhere accepts it any more.")
_command("suspend", "--code inquiry", "Suspend a credential until it is reinstated.")
_command("reinstate", "--code inquiry-closed", "Let a suspended credential stand again.")
_command("reaward", "--code appeal-upheld", "Issue a new credential in place of a revoked one.")


@credential.command(epilog="Example: microcred credential renew ID --tenant harbour --code term --until 2031-09-01")
def renew(  # noqa: PLR0913 - each is an option
    which: Which,
    *,
    tenant: Tenant,
    code: Code,
    until: Annotated[
        datetime | None, typer.Option(help="When it ends, in UTC; left out, it has no end.", formats=["%Y-%m-%d"])
    ] = None,
    note: Note = "",
    wait: Wait = 5,
    url: Url = ISSUANCE,
    token: Token = "",
    secret_file: SecretFile = SECRET_FILE,
) -> None:
    """Sign a credential anew, under its id, with another end."""
    end = {"valid_until": f"{until:%Y-%m-%d}T00:00:00Z"} if until else {}
    _decide("renew", which, {"code": code, "note": note, **end}, wait, Asking(url, tenant, token, secret_file))


@credential.command(epilog="Example: microcred credential correct ID --tenant harbour --code misprint --grade 71.5")
def correct(  # noqa: PLR0913 - each is an option
    which: Which,
    *,
    tenant: Tenant,
    code: Code,
    grade: Annotated[float | None, typer.Option(help="The right grade in percent.", min=0, max=100)] = None,
    note: Note = "",
    wait: Wait = 5,
    url: Url = ISSUANCE,
    token: Token = "",
    secret_file: SecretFile = SECRET_FILE,
) -> None:
    """Sign a credential anew, under its id, with what its offering says now, and with the right grade if you give it.

    What the credential said before is revoked.
    """
    right = {} if grade is None else {"grade_percent": grade}
    _decide("correct", which, {"code": code, "note": note, **right}, wait, Asking(url, tenant, token, secret_file))


def _decide(kind: str, which: str, body: dict[str, Any], wait: int, asking: Asking) -> None:
    body = {name: value for name, value in body.items() if value != ""}
    path = f"/v1/credentials/{which.rstrip('/').rpartition('/')[2]}/{kind}"
    with Http("issuance", asking.url, asking.token) as http:
        # What fails on the way is sent again: with the same key it stays one decision.
        headers = {"Idempotency-Key": str(uuid4())} | ({"Prefer": f"wait={wait}"} if wait else {})
        answer = http.call("POST", path, json=body, headers=headers).json()
    lines(out, {name.replace("_", " "): told for name, told in answer.items() if told is not None})
