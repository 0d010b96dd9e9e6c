"""The clock by which requests are answered: the app's, so that tests can put another one in its place."""

from datetime import UTC, datetime

from fastapi import Request


def now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)


def asked_at(request: Request) -> datetime:
    """Return the moment, in UTC, by the clock of the app that is asked: a dependency."""
    moment: datetime = request.app.state.clock()
    return moment
