"""Puts the door together, once for a process."""

import asyncio
from functools import partial

import structlog
from fastapi import FastAPI
from prometheus_client import Counter

from services.enrolment.commands import Log
from services.enrolment.door.course_shelf import CourseShelf
from services.enrolment.door.door import Door
from services.enrolment.door.fingerprint import require_same_secret
from services.enrolment.door.identity import Identities
from services.enrolment.learners.carrying import Carrier
from services.enrolment.learners.store import Standings
from services.enrolment.settings import Settings
from services.enrolment.vault.box import Vault
from services.enrolment.vault.errors import KeysRefused
from services.enrolment.vault.ring import KeyRing
from shared.kit.rebuild.scanning import scan
from shared.kit.secret import ensure_secret, read_secret
from shared.kit.settings import SettingsError, variable

log = structlog.get_logger(__name__)


def log_of(app: FastAPI) -> Log:
    """Return the log's writing end."""
    return Log(app.state.publisher, app.state.settings.publish_timeout_s)


def vault_of(app: FastAPI) -> Vault:
    """Return the process's vault."""
    return door_of(app).vault


def door_of(app: FastAPI) -> Door:
    """Return the process's door.

    Raises:
        SettingsError: the secret of learner references, or the keys of the vault, can neither be read nor made.

    """
    if not hasattr(app.state, "door"):
        app.state.door = _door(app)
    door: Door = app.state.door
    return door


def _door(app: FastAPI) -> Door:
    settings, reader = app.state.settings, app.state.reader
    assert isinstance(settings, Settings)  # noqa: S101 - main.py makes no other
    identities = identities_of(settings)
    unreadable = Counter(
        "vault_unreadable",
        "Learners whose data in the vault did not open, although they were not erased",
        namespace="microcred",
        registry=app.state.metrics.registry,
    )
    vault = Vault(reader, ring_of(settings), unreadable.inc)
    return Door(identities, CourseShelf(reader), Standings(reader), vault, log_of(app))


def identities_of(settings: Settings) -> Identities:
    """Return what says who an account is to us.

    Raises:
        SettingsError: the secret of learner references can neither be read nor made.

    """
    return Identities(identity_secret_of(settings), settings.homes)


def identity_secret_of(settings: Settings) -> bytes:
    """Return the secret of learner references, made if it is not there; raises as `identities_of` does."""
    try:
        return read_secret(ensure_secret(settings.identity_file))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{variable('identity_secret_file')}: {error}") from error


def ring_of(settings: Settings) -> KeyRing:
    """Return the keys of the vault.

    Raises:
        SettingsError: they can neither be read nor made.

    """
    try:
        if settings.vault_keys is not None:
            return KeyRing.of(settings.vault_keys.get_secret_value())
        return KeyRing.read(settings.vault_file)
    except KeysRefused as error:
        name = "vault_key_file" if settings.vault_keys is None else "vault_keys"
        raise SettingsError(f"{variable(name)}: {error}") from error


async def open_door(app: FastAPI) -> None:
    """Open the door before the first request, so that bad secrets are known at the start, and do what waits beside."""
    door = door_of(app)
    await require_same_secret(app.state.reader, identity_secret_of(app.state.settings))
    app.state.beside = [
        asyncio.create_task(_rewrap(door.vault), name="rewrap"),
        asyncio.create_task(_carrier(app).carry_for_ever(), name="carry"),
    ]


def _carrier(app: FastAPI) -> Carrier:
    settings = app.state.settings
    read = partial(scan, settings.kafka_bootstrap, settings.topic_prefix)
    return Carrier(app.state.reader, app.state.publisher, read)


async def _rewrap(vault: Vault) -> None:
    try:
        done = await vault.rewrap()
    except Exception as error:  # noqa: BLE001 - old keys still open what they wrapped; the next start goes on
        log.warning("vault.rewrap_postponed", error=type(error).__name__, reason=str(error))
    else:
        log.info("vault.rewrapped", learners=done, under=vault.ring.newest)
