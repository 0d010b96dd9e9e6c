"""`microcred token`: an access token for the services' APIs."""

import base64
import json
from typing import Annotated

import typer

from deploy.cli.console import errors
from deploy.cli.errors import CliError, MissingSecret
from deploy.cli.options import SECRET_FILE, SecretFile, Tenant
from shared.kit.secret import ensure_secret, read_secret
from shared.kit.tokens import INSTITUTION, SCOPES, Tokens

HOUR = 3_600


class TokenImpossible(CliError):
    """What was asked for cannot stand in a token."""


def token(  # noqa: PLR0913 - each is an option
    *,
    tenant: Tenant,
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"One of {', '.join(sorted(SCOPES))}; an institution's own by default."),
    ] = None,
    client: Annotated[str, typer.Option(help="Who will use it.")] = "microcred-cli",
    platform: Annotated[str | None, typer.Option(help="The platform that it may publish for.")] = None,
    learner: Annotated[
        str | None, typer.Option(help="The learner whose own token it is, for the scopes of Open Badges.")
    ] = None,
    hours: Annotated[float, typer.Option(help="For how long it is good.", min=0.01, max=24 * 365)] = 1.0,
    secret_file: SecretFile = SECRET_FILE,
    new_secret: Annotated[bool, typer.Option(help="Make the secret's file when it is missing.")] = False,
) -> None:
    """Print an access token for the services' APIs.

    All services that read the same secret file take it.
    """
    if new_secret:
        ensure_secret(secret_file)
    lifetime = hours * HOUR
    made = make_token(secret_file, tenant, scope, client=client, platform=platform, learner=learner, lifetime=lifetime)
    typer.echo(made)
    errors.print(f"good for {hours:g} h, for {tenant}: {', '.join(sorted(scope or INSTITUTION))}", style="dim")


def make_token(  # noqa: PLR0913 - what stands in a token
    secret_file: SecretFile,
    tenant: str,
    scopes: list[str] | None = None,
    *,
    client: str = "microcred-cli",
    platform: str | None = None,
    learner: str | None = None,
    lifetime: float = HOUR,
) -> str:
    """Return a token, by default with all that an institution may; raises `MissingSecret` or `TokenImpossible`."""
    if not secret_file.exists():
        raise MissingSecret(secret_file)
    try:
        return Tokens(read_secret(secret_file)).issue(
            tenant, scopes or INSTITUTION, client, platform, lifetime, learner_ref=learner
        )
    except ValueError as error:  # pydantic's errors are ValueErrors too
        raise TokenImpossible(_one_line(error), "correct the option") from error


def _one_line(error: ValueError) -> str:
    told = getattr(error, "errors", None)
    if told is None:
        return str(error)
    first = told()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def tenant_of(token: str) -> str:
    """Return the institution that a token says it is for; whether that is true is for the services to tell."""
    try:
        payload = token.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["tenant"])
    except (IndexError, KeyError, ValueError) as error:
        raise TokenImpossible("the token given is no access token", "make one with `microcred token`") from error
