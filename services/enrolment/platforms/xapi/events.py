"""xAPI 1.0.3 statements to canonical events (xAPI Data, section 2). Pure.

A request's statements are checked together: one that is malformed makes all of them so (xAPI Communication, 2.1.2).
What is well-formed and yet about nothing of ours is another matter: a platform sends what happens in all its courses,
and those that we do not know must not stop it.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from services.enrolment.platforms.door import Sender, Translated
from services.enrolment.platforms.heard import Heard, short
from services.enrolment.platforms.marks import mark_of
from services.enrolment.platforms.xapi import cmi5, edx
from services.enrolment.platforms.xapi.people import account_of, check_actor, personal_data
from services.enrolment.platforms.xapi.statement import UUID, Statement, decode
from services.enrolment.platforms.xapi.verbs import MEANINGS, Said
from shared.contracts.wire import MalformedEvent

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_VERSION = re.compile(r"1\.0(\.\d{1,3})?")
_NOTHING = Translated()
#: Event ids of statements begin so, and go on with the statement's id.
PREFIX = "xapi/"


class Voided(NamedTuple):
    """A statement that must not count, by the id of the one that voids it, and when that was said."""

    statement: str
    by: str
    time: datetime


def event_id(statement: str, object_id: str) -> str:
    """Return the id of a statement's event; Open edX may tell of two courses under one statement id."""
    return f"{PREFIX}{statement}/{short(object_id)}"


def statements(body: bytes) -> tuple[list[Statement], bool]:
    """Return the statements of a body, and whether it was a batch.

    Raises:
        MalformedEvent: one of them breaks the specification; then none of them counts.

    """
    found, is_batch = decode(body)
    for index, statement in enumerate(found):
        try:
            _check(statement)
        except MalformedEvent as error:
            raise MalformedEvent(f"{index}.{error.field}", error.reason) if is_batch else error from error
    _refuse_repeated(found)
    return found, is_batch


def translate(statement: Statement, sender: Sender) -> Translated:
    """Return what a checked statement says, which has an id and a timestamp.

    Raises:
        ContractError: it is about a course that no offering is delivered by, or about no single learner.

    """
    means = MEANINGS.get(statement.verb.id)
    if means is None or statement.object.object_type != "Activity":
        return _NOTHING
    learner_ref = sender.learner_ref(account_of(statement.actor))
    id_ = event_id(statement.id.lower(), statement.object.id)
    events = means(Said(Heard(sender, "xapi", id_, _moment(statement), learner_ref), statement))
    told = personal_data(statement.actor) if events else {}
    return Translated(events, {learner_ref: told} if told else {})


def voided(statement: Statement) -> Voided | None:
    """Return what a checked statement voids, if it does."""
    if statement.verb.id != VOIDED:
        return None
    return Voided(statement.object.id.lower(), statement.id.lower(), _moment(statement))


def _refuse_repeated(found: Sequence[Statement]) -> None:
    """Refuse a batch that says two things under one id (xAPI Communication, 2.1.2); saying one twice is harmless."""
    first: dict[str, Statement] = {}
    for index, statement in enumerate(found):
        if not statement.id:
            continue
        known = first.setdefault(statement.id.lower(), statement)
        if known is statement or known == statement:
            continue
        if known.object.id == statement.object.id or not edx.is_open_edx(statement):
            raise MalformedEvent(f"{index}.id", f"another statement of this batch has the id {statement.id}")


def _moment(statement: Statement) -> datetime:
    moment = statement.timestamp
    assert moment is not None  # noqa: S101 - whoever takes a statement gives it one (xAPI Data, 2.4.7)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _check(statement: Statement) -> None:
    context, target, verb = statement.context, statement.object, statement.verb.id
    if statement.id and not UUID.fullmatch(statement.id):
        raise MalformedEvent("id", "not a UUID")
    if not _VERSION.fullmatch(statement.version):
        raise MalformedEvent("version", f"{statement.version[:20]} is not taken; send statements of version 1.0.3")
    if context.registration and not UUID.fullmatch(context.registration):
        raise MalformedEvent("context.registration", "not a UUID")
    if ":" not in verb:
        raise MalformedEvent("verb.id", "not an IRI")
    if target.object_type == "Activity" and ":" not in target.id:
        raise MalformedEvent("object.id", "not an IRI")
    check_actor(statement.actor)
    if statement.result is not None and statement.result.score is not None:
        mark_of(statement.result.score)
    if verb == VOIDED and (target.object_type != "StatementRef" or not UUID.fullmatch(target.id)):
        raise MalformedEvent("object", "what is voided is a StatementRef with the statement's id")
    categories = cmi5.categories(statement)
    if cmi5.CATEGORY in categories:
        cmi5.check(statement, categories)
