"""Composition root of issuance: `python -m services.issuance.main --role api|worker|all`."""

from fastapi import FastAPI

from services.issuance.credential import Names
from services.issuance.errors import (
    CheckerBusy,
    CredentialRefused,
    CredentialTooLarge,
    KeyFileRefused,
    NotHere,
    PressBusy,
)
from services.issuance.fetching.fetcher import WebFetcher
from services.issuance.fetching.shelf import Shelf
from services.issuance.forms.routes import router as forms_router
from services.issuance.pages.routes import router as pages_router
from services.issuance.routes import Desk, router
from services.issuance.sandbox import Sandbox
from services.issuance.settings import Settings
from services.issuance.signer import signer_from
from services.issuance.stream import worker_for
from shared.kit.service import Service, run
from shared.kit.settings import SettingsError, variable

ERRORS: dict[type[Exception], int] = {
    NotHere: 404,
    CredentialRefused: 400,
    CredentialTooLarge: 413,
    CheckerBusy: 503,
    PressBusy: 503,
}


def service(settings: Settings) -> Service:
    """Issue, revoke, publish and verify credentials."""
    names = Names(settings.public_url)
    try:
        signer = signer_from(settings.key_file)
    except KeyFileRefused as error:
        raise SettingsError(f"{variable('key_file')}: {error}") from error

    async def open_desk(app: FastAPI) -> None:
        sandbox = Sandbox(
            processes=settings.check_processes,
            deadline_s=settings.check_deadline_s,
            memory_bytes=settings.check_memory_mib * 1024 * 1024,
        )
        fetcher = Shelf(WebFetcher(private=settings.fetch_private, deadline_s=settings.fetch_deadline_s))
        app.state.desk = Desk.of(
            names, signer, app.state.reader, sandbox, fetcher=fetcher, plain=settings.fetch_private
        )

    return Service(
        name="issuance",
        title="Microcred issuance",
        settings=settings,
        worker=worker_for(signer, names),
        # The forms come first: their paths end in a way that a credential's own path would take for a part of its id.
        routers=[forms_router, pages_router, router],
        errors=ERRORS,
        on_start=open_desk,
    )


if __name__ == "__main__":
    raise SystemExit(run(service, Settings))
