"""Composition root of issuance: `python -m services.issuance.main --role api|worker|all`."""

import re

from fastapi import FastAPI

from services.issuance import claims
from services.issuance.checking.routes import router as verify
from services.issuance.credential import Names
from services.issuance.elm_routes import router as elm
from services.issuance.errors import (
    CheckerBusy,
    CredentialRefused,
    CredentialTooLarge,
    DecisionRefused,
    KeyFileRefused,
    NoKey,
    NotHere,
    PressBusy,
    SignerAway,
    SignerRefused,
    UseUndecided,
)
from services.issuance.fetching.fetcher import WebFetcher
from services.issuance.fetching.shelf import Shelf
from services.issuance.forms.routes import router as forms
from services.issuance.interfaces import (
    imsx,
    oauth_errors,
    ob_api,
    offers,
    vc_answers,
    vc_api,
    wallet_credential,
    wallet_notices,
    wallet_tokens,
)
from services.issuance.interfaces.seals import Seals
from services.issuance.jsonld.sandbox import Sandbox
from services.issuance.keys.folder import KeyFolder, Remote
from services.issuance.keys.status_secret import order_from
from services.issuance.keys.watch import RingWatch
from services.issuance.life_routes import router as life
from services.issuance.pages.routes import router as pages
from services.issuance.provenance_routes import router as provenance
from services.issuance.routes import Desk, router
from services.issuance.settings import Settings
from services.issuance.stream import worker_for
from shared.kit.run import run
from shared.kit.secret import derived
from shared.kit.service import Service
from shared.kit.settings import SettingsError, variable

ERRORS: dict[type[Exception], int] = {
    NotHere: 404,
    CredentialRefused: 400,
    CredentialTooLarge: 413,
    CheckerBusy: 503,
    PressBusy: 503,
    DecisionRefused: 409,
    NoKey: 503,
    SignerAway: 503,
    SignerRefused: 503,
    UseUndecided: 503,
}

#: Wallets, verifiers and backpacks run in browsers, as pages of other hosts. Whoever may more than everybody shows a
#: token there, which no browser sends by itself.
ANY_ORIGIN = re.compile(
    r"/(\.well-known|issuers|credentials|status|status-lists|presentations)/" + "|" + re.escape(imsx.BASE) + "/"
)


def service(settings: Settings) -> Service:
    """Issue, revoke, publish and verify credentials."""
    names = Names(settings.public_url)
    folder = _folder(settings)
    try:
        # Before the keys: once the first of them is made, credentials may have been issued already.
        order = order_from(settings.status_file, begun=folder.begun)
    except KeyFileRefused as error:
        raise SettingsError(f"{variable('status_secret_file')}: {error}") from error
    try:
        watch = RingWatch(folder, _remote(settings))
    except KeyFileRefused as error:
        raise SettingsError(f"{variable('key_file')}: {error}") from error
    keys = watch.ring

    async def open_desk(app: FastAPI) -> None:
        sandbox = Sandbox(
            processes=settings.check_processes,
            deadline_s=settings.check_deadline_s,
            memory_bytes=settings.check_memory_mib * 1024 * 1024,
        )
        fetcher = Shelf(WebFetcher(private=settings.fetch_private, deadline_s=settings.fetch_deadline_s))
        app.state.seals = Seals(derived(settings.token_secret, "openid4vci"))
        app.state.desk = Desk.of(names, keys, app.state.reader, sandbox, fetcher=fetcher, plain=settings.fetch_private)

    return Service(
        name="issuance",
        title="Microcred issuance",
        settings=settings,
        worker=worker_for(keys, names, order, settings.withdrawn_pass),
        # The forms come first: their paths end in a way that a credential's own path would take for a part of its id.
        routers=[
            forms,
            pages,
            router,
            verify,
            vc_api.router,
            offers.router,
            wallet_tokens.router,
            wallet_credential.router,
            wallet_notices.router,
            ob_api.router,
            life,
            provenance,
            elm,
            claims.router,
        ],
        errors=ERRORS,
        wordings=[vc_answers.WORDING, *oauth_errors.WORDINGS, imsx.WORDING],
        any_origin=ANY_ORIGIN,
        on_start=open_desk,
        chores=[watch.look_for_ever],
    )


def _folder(settings: Settings) -> KeyFolder:
    passphrase = settings.key_passphrase.get_secret_value().encode() if settings.key_passphrase else None
    return KeyFolder(settings.key_file, settings.key_ring, passphrase)


def _remote(settings: Settings) -> Remote | None:
    if not settings.signer_url or settings.signer_token is None:
        return None
    return Remote(url=settings.signer_url, token=settings.signer_token)


if __name__ == "__main__":
    raise SystemExit(run(service, Settings))
