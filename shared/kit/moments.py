"""Moments as whole microseconds since 1970: a date of MongoDB ends at milliseconds, which could change the order."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return the microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """Return the moment in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)
