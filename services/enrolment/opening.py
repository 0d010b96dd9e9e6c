"""Puts the door together, once for a process."""

from fastapi import FastAPI

from services.enrolment.commands import Log
from services.enrolment.course_shelf import CourseShelf
from services.enrolment.door import Door
from services.enrolment.identity import Identities
from services.enrolment.settings import Settings
from shared.kit.secret import ensure_secret, read_secret
from shared.kit.settings import SettingsError, variable


def log_of(app: FastAPI) -> Log:
    """Return the log's writing end."""
    return Log(app.state.publisher, app.state.settings.publish_timeout_s)


def door_of(app: FastAPI) -> Door:
    """Return the process's door.

    Raises:
        SettingsError: the secret of learner references can neither be read nor made.

    """
    if not hasattr(app.state, "door"):
        settings = app.state.settings
        assert isinstance(settings, Settings)  # noqa: S101 - main.py makes no other
        app.state.door = Door(identities_of(settings), CourseShelf(app.state.reader), log_of(app))
    door: Door = app.state.door
    return door


def identities_of(settings: Settings) -> Identities:
    """Return what says who an account is to us.

    Raises:
        SettingsError: the secret of learner references can neither be read nor made.

    """
    try:
        secret = read_secret(ensure_secret(settings.identity_file))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{variable('identity_secret_file')}: {error}") from error
    return Identities(secret, settings.homes)


async def open_door(app: FastAPI) -> None:
    """Open the door before the first request, so that a bad secret is known at the start."""
    door_of(app)
