"""What can go wrong when assessment is asked.

AssessmentError
└── ProgressUnknown   nothing was ever reported about this learner on this offering
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


STATUSES: Mapping[type[Exception], int] = {ProgressUnknown: 404}
