"""What Open edX's event bus and its tracking log name alike: keys of courses, and who decides. Pure."""

from typing import Final
from urllib.parse import quote

from shared.contracts.wire import MalformedEvent

PASSING: Final = "passing status"
"""What says again with every grade whether a learner passes, over whichever route it comes (`Verdict.by`)."""
_LONGEST_ATTEMPT = 200


def attempt_at(course_key: str) -> str:
    """Return the name of a learner's attempt at a course: one for each run, over whichever route its mark comes.

    Raises:
        MalformedEvent: the course key is too long to name anything.

    """
    name = quote(course_key, safe="._:@+~/-")
    if len(name) > _LONGEST_ATTEMPT:
        raise MalformedEvent("course_key", f"longer than {_LONGEST_ATTEMPT} characters")
    return name
