"""What can go wrong when assessment is asked.

AssessmentError
├── ProgressUnknown   404  nothing was ever reported about this learner on this offering
├── OfferingUnknown   404  the institution has no such offering
└── RulingRefused     422  a ruling names what the offering does not have
"""

from collections.abc import Mapping


class AssessmentError(Exception):
    """Base of this service's errors."""


class ProgressUnknown(AssessmentError):
    """Nothing was ever reported about this learner on this offering."""

    def __init__(self, learner_ref: str, offering: str) -> None:
        """Name learner and offering."""
        super().__init__(
            f"nothing is known about learner {learner_ref} on offering {offering}: check both names, "
            "or ask again once the platform's events have been folded"
        )


class OfferingUnknown(AssessmentError):
    """The institution has no such offering."""

    def __init__(self, offering: str) -> None:
        """Name the offering."""
        super().__init__(
            f"offering {offering} is not known here: check its name, or ask again once its publication has been folded"
        )


class RulingRefused(AssessmentError):
    """A ruling names what the offering does not have."""

    def __init__(self, field: str, reason: str) -> None:
        """Name the field at fault and the cure."""
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


STATUSES: Mapping[type[Exception], int] = {ProgressUnknown: 404, OfferingUnknown: 404, RulingRefused: 422}
