"""The clock by which requests are answered: a dependency, so that tests can put another one in its place."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)
