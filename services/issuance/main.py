"""Composition root of issuance: `python -m services.issuance.main --role api|worker|all`."""

from fastapi import FastAPI

from services.issuance import claims
from services.issuance.credential import Names
from services.issuance.errors import CheckerBusy, CredentialRefused, DecisionRefused, KeyFileRefused, NotHere
from services.issuance.keyring import KeyRing
from services.issuance.life_routes import router as life
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
    CheckerBusy: 503,
    DecisionRefused: 409,
}


def service(settings: Settings) -> Service:
    """Issue, revoke, publish and verify credentials."""
    names = Names(settings.public_url)
    try:
        keys = KeyRing.of(signer_from(settings.key_file))
    except KeyFileRefused as error:
        raise SettingsError(f"{variable('key_file')}: {error}") from error

    async def open_desk(app: FastAPI) -> None:
        sandbox = Sandbox(
            processes=settings.check_processes,
            deadline_s=settings.check_deadline_s,
            memory_bytes=settings.check_memory_mib * 1024 * 1024,
        )
        app.state.desk = Desk.of(names, keys, app.state.reader, sandbox)

    return Service(
        name="issuance",
        title="Microcred issuance",
        settings=settings,
        worker=worker_for(keys, names, settings.withdrawn_pass),
        routers=[router, life, claims.router],
        errors=ERRORS,
        on_start=open_desk,
    )


if __name__ == "__main__":
    raise SystemExit(run(service, Settings))
