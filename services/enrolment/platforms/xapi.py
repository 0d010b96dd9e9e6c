"""xAPI 1.0.3 statements to canonical events (xAPI Data, section 2). Pure.

A request's statements are taken together or not at all. What is well-formed and yet about nothing of ours is told apart
from what is malformed: a platform sends what happens in all its courses, and must not be stopped by those we do not know.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from services.enrolment.platforms import cmi5, edx_xapi
from services.enrolment.platforms.door import Sender, Translated
from services.enrolment.platforms.heard import Heard, Refusal, short
from services.enrolment.platforms.people import account_of, personal_data
from services.enrolment.platforms.statement import Statement
from services.enrolment.platforms.xapi_verbs import MEANINGS, Said
from shared.contracts.envelope import LearnerEvent
from shared.contracts.wire import ContractError, MalformedEvent

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_VERSION = re.compile(r"1\.0(\.\d+)?")
#: Event ids of statements begin so, and go on with the statement's id.
PREFIX = "xapi/"


class Voided(NamedTuple):
    """A statement that must not count, by the id of the one that voids it, and when that was said."""

    statement: str
    by: str
    time: datetime


@dataclass(slots=True)
class Taken:
    """What became of the statements of one request."""

    events: list[LearnerEvent] = field(default_factory=list)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    voided: list[Voided] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def translated(self) -> Translated:
        """Return it as every format does."""
        return Translated(tuple(self.events), self.people)


def event_id(statement: str, object_id: str) -> str:
    """Return the id of a statement's event; one statement id may stand for several objects (Open edX)."""
    return f"{PREFIX}{statement.lower()}/{short(object_id)}"


def translate(statements: Sequence[Statement], sender: Sender, received: datetime) -> Taken:
    """Return what these statements say; `received` is when one without a timestamp was said (xAPI Data, 2.4.7).

    Raises:
        MalformedEvent: one of them breaks the specification; then none of them counts (xAPI Communication, 2.1.2).

    """
    taken = Taken()
    for index, statement in enumerate(statements):
        try:
            _take(statement, sender, received, taken)
        except MalformedEvent as error:
            raise MalformedEvent(f"{index}.{error.field}", error.reason) from error
        except ContractError as error:
            taken.refused.append(Refusal(index, statement.id, error.field, error.reason))
    return taken


def _take(statement: Statement, sender: Sender, received: datetime, taken: Taken) -> None:
    _check(statement)
    categories = cmi5.categories(statement)
    is_cmi5 = cmi5.CATEGORY in categories
    if is_cmi5:
        cmi5.check(statement, categories)
    verb = statement.verb.id
    time = statement.timestamp or received
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    if verb == VOIDED:
        taken.voided.append(Voided(_target(statement), statement.id, time))
        return
    means = MEANINGS.get(verb)
    if means is None or statement.object.object_type != "Activity":
        return
    learner_ref = sender.learner_ref(account_of(statement.actor))
    heard = Heard(sender, f"/xapi/{sender.platform}", event_id(statement.id, statement.object.id), time, learner_ref)
    events = means(Said(heard, statement, is_cmi5, edx_xapi.is_open_edx(statement)))
    taken.events.extend(events)
    if events and (told := personal_data(statement.actor)):
        taken.people.setdefault(learner_ref, {}).update(told)


def _check(statement: Statement) -> None:
    if not _UUID.fullmatch(statement.id):
        raise MalformedEvent("id", "not a UUID")
    if not _VERSION.fullmatch(statement.version):
        raise MalformedEvent("version", f"{statement.version[:20]} is not taken; send statements of version 1.0.3")
    if statement.context.registration and not _UUID.fullmatch(statement.context.registration):
        raise MalformedEvent("context.registration", "not a UUID")
    if ":" not in statement.verb.id:
        raise MalformedEvent("verb.id", "not an IRI")
    if statement.object.object_type == "Activity" and ":" not in statement.object.id:
        raise MalformedEvent("object.id", "not an IRI")


def _target(statement: Statement) -> str:
    target = statement.object
    if target.object_type != "StatementRef" or not _UUID.fullmatch(target.id):
        raise MalformedEvent("object", "what is voided is a StatementRef with the statement's id")
    return target.id.lower()
