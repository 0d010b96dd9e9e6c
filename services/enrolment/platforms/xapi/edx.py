"""Open edX's tracking log as xAPI, by the transformer that it names in its statements' context. Pure.

Its traps: `success` on `earned` means full marks and is never a pass; 0 of 0 is called a success; a grade is sent anew
with every answer, so it is one attempt of each run, whose latest word stands; a changed mode comes as another
`registered`, which changes nothing for who is registered, and told together with `unregistered` it gives no place back
(`enrolment/domain.py`); `first_time` and `now_passed` come under one statement id.
What is reported of a problem, or of an exam that was handed in, is part of its subsection's grade: as attempts of their
own they would use up a policy's limit.
"""

from functools import lru_cache

from services.enrolment.platforms.openedx.course import attempt_at
from services.enrolment.platforms.openedx.payload import term_of
from services.enrolment.platforms.xapi.statement import Statement
from shared.contracts.platform import STANDING_MARK

_COURSE = "course-v1:"
_PREFIXES = (_COURSE, "block-v1:")
_LONGEST_MODE = 200


def is_open_edx(statement: Statement) -> bool:
    """Tell whether Open edX's transformer made this statement."""
    return statement.context.extensions.transformer.startswith("event-routing-backends")


@lru_cache(maxsize=16_384)
def names_of(address: str) -> tuple[str, ...]:
    """Return what an address may be published as: the address, or the key of the course or block at its end."""
    key = address.rstrip("/").rpartition("/")[2]
    return (address, key) if key != address and key.startswith(_PREFIXES) else (address,)


def attempt_of(statement: Statement) -> str:
    """Return the name of the attempt that a grade is of: a course's as on the event bus, a subsection's one attempt."""
    *_, key = names_of(statement.object.id)
    return attempt_at(key) if key.startswith(_COURSE) else STANDING_MARK


def run_of(address: str) -> str | None:
    """Return the run of a course's address, where that ends in a key of Open edX."""
    *_, key = names_of(address)
    return term_of(key) if key.startswith(_COURSE) else None


def mode_of(statement: Statement) -> str | None:
    """Return the mode in which a learner takes a course, if the statement tells one that can be kept."""
    extensions = statement.object.definition.extensions
    mode = extensions.mode if extensions is not None else None
    return mode if isinstance(mode, str) and mode.strip() and len(mode) <= _LONGEST_MODE else None
