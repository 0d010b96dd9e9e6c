"""What can go wrong in analytics.

AnalyticsError
├── PeriodReversed     422  the funnel was asked for a period that ends before it begins
├── TooManyListeners   503  no more live views than this process can serve
└── ForeignForm        403  a form that was sent from somebody else's page
"""

from collections.abc import Mapping
from http import HTTPStatus


class AnalyticsError(Exception):
    """Base of this service's errors."""


class PeriodReversed(AnalyticsError):
    """The period ends before it begins."""

    def __init__(self, since: str, until: str) -> None:
        """Name both ends."""
        super().__init__(f"from: {since} is after to: {until}; exchange them")


class TooManyListeners(AnalyticsError):
    """No more live views than this process can serve."""

    def __init__(self, most: int) -> None:
        """Name the limit and the cure."""
        super().__init__(
            f"{most} live views are open already: read /v1/funnel instead, try again later, "
            "or raise MICROCRED_LIVE_LISTENERS"
        )


class ForeignForm(AnalyticsError):
    """A form that was sent from somebody else's page."""

    def __init__(self, site: str) -> None:
        """Name where the browser says that the form came from."""
        super().__init__(f"Sec-Fetch-Site: {site}; sign in and out on the dashboard itself")


STATUS: Mapping[type[Exception], int] = {
    PeriodReversed: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyListeners: HTTPStatus.SERVICE_UNAVAILABLE,
    ForeignForm: HTTPStatus.FORBIDDEN,
}
