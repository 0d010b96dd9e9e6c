"""`microcred rebuild`: the read models of one service, made anew from the log while the service goes on."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.console import out
from deploy.cli.errors import RebuildFailed
from deploy.cli.options import FIRST_PORT, FOLDER, SERVICE_PORTS, FirstPort, Folder
from deploy.cli.rebuilding import Rebuild, Story
from shared.contracts.topics import SERVICES

DIFFERS = 3

Service = StrEnum("Service", {name.upper(): name for name in SERVICES})  # type: ignore[misc]  # mypy wants a literal


def rebuild(  # noqa: PLR0913 - each is an option
    *,
    service: Annotated[Service, typer.Argument(help="Whose read models.")],
    model: Annotated[
        str | None, typer.Option(help="Only this read model, with those that it looks beside and its counters.")
    ] = None,
    accept_differences: Annotated[
        bool, typer.Option("--accept-differences", help="Switch to a rebuild that waits because it differs.")
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Catch the earlier read models up, and switch back to them.")
    ] = False,
    discard: Annotated[
        bool, typer.Option("--discard", help="Drop the rebuild that was begun and not switched to.")
    ] = False,
    folder: Folder = FOLDER,
    first_port: FirstPort = FIRST_PORT,
) -> None:
    """Make a service's read models anew from the log, compare them with the old ones, and switch to them in one step.

    The service goes on serving and consuming meanwhile; nothing is said a second time. It may be stopped at any
    moment: the same command goes on where it was. The old read models are kept for --rollback until the next rebuild
    begins. Status 3: the new ones differ from the old ones, which stay; the report names where.

    Give it the MICROCRED_ variables of the service, all of them: a credential, for one, holds MICROCRED_PUBLIC_URL.
    Where a variable is not set, the installation of `microcred up` in --folder is meant.
    """
    wishes = {"--accept-differences": accept_differences, "--rollback": rollback, "--discard": discard}
    asked = [*(("--model", model) if model else ()), *(name for name, wanted in wishes.items() if wanted)]
    story = Story(out, service.value, " ".join(asked))
    with Rebuild(service.value, asked, environment(service.value, folder, first_port)) as running:
        for line in running.lines():
            story.tell(line)
        status = running.status()
    if status == DIFFERS:
        raise typer.Exit(DIFFERS)
    if status:
        raise RebuildFailed(service.value, story.failure or running.last_words())


def environment(service: str, folder: Path, first_port: int) -> dict[str, str]:
    """Return the environment of the service: what is set, else what `microcred up` sets."""
    kept = {
        "MICROCRED_TOKEN_SECRET_FILE": str((folder / "token-secret").absolute()),
        "MICROCRED_KEY_FILE": str((folder / "issuer-key").absolute()),
        "MICROCRED_HTTP_PORT": str(first_port + SERVICE_PORTS[service]),
    }
    return kept | dict(os.environ)
