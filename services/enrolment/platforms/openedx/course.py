"""Keys of Open edX's courses, as its event bus and its tracking log write them. Pure."""

from urllib.parse import quote

from shared.contracts.wire import MalformedEvent

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
