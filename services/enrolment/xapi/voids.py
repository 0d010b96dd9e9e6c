"""What became of xAPI statements, kept for the day that one is voided: a void names the statement alone. Pure.

The void and the statement may come in either order, and both name the statement, so both are folded into one document.
They stand on topics with other keys: should two workers meet there, the later transaction is tried again from its load.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

from services.enrolment.handlers import SOURCE
from services.enrolment.platforms.xapi.events import PREFIX
from shared.contracts.envelope import LearnerEvent, caused_by, derived_id
from shared.contracts.fanout import StatementVoided
from shared.contracts.platform import LearningRecognised, ResultReported, ResultVoided, VerdictReported
from shared.kit.bindings import Folded, Model
from shared.kit.errors import RecordRefused
from shared.kit.moments import microseconds, moment

#: One statement id may stand for what happened in several courses at once, but not in any number of them.
MAX_SAID = 100
Voidable = ResultReported | VerdictReported | LearningRecognised


class Said(NamedTuple):
    """An event that a statement became."""

    event_id: str
    learner_ref: str
    offering: str


class Void(NamedTuple):
    """The first word that a statement must not count; `time` in microseconds since 1970."""

    time: int
    event_id: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: the events that it became, in the order of their ids, and whether it is voided."""

    tenant: str
    statement: str
    said: tuple[Said, ...] = ()
    void: Void | None = None

    @classmethod
    def new(cls, key: str) -> Self:
        """Return a statement that nothing is known of; `key` is `tenant/statement`."""
        tenant, statement = key.split("/", 1)
        return cls(tenant, statement)


def statement_key(event: LearnerEvent) -> str | None:
    """Return the `_id` of the statement that an event was made of, or None for an event of another origin."""
    if not event.id.startswith(PREFIX):
        return None
    return f"{event.tenant}/{event.id.removeprefix(PREFIX).partition('/')[0]}"


def statement_said(before: Statement, event: Voidable) -> Folded[Statement]:
    """Note an event that a statement became; if the statement is voided already, so is the event."""
    if any(known.event_id == event.id for known in before.said):
        return Folded(before)
    if len(before.said) >= MAX_SAID:
        raise RecordRefused("id", f"statement {before.statement} has become {MAX_SAID} events; no more are taken")
    said = Said(event.id, event.learner_ref, event.data.offering)
    after = replace(before, said=tuple(sorted((*before.said, said))))
    return Folded(after, () if before.void is None else (_voided(said, before.void, event),))


def statement_voided(before: Statement, event: StatementVoided) -> Folded[Statement]:
    """Void whatever the statement became, and will become; the first to say so counts."""
    void = Void(microseconds(event.time), event.id)
    if before.void is not None:
        return Folded(before if before.void <= void else replace(before, void=void))
    return Folded(replace(before, void=void), tuple(_voided(said, void, event) for said in before.said))


def _voided(said: Said, void: Void, cause: Voidable | StatementVoided) -> ResultVoided:
    return ResultVoided.model_validate(
        {
            **caused_by(cause, SOURCE),
            "id": derived_id("voided", said.event_id),
            "time": moment(void.time),
            "learner_ref": said.learner_ref,
            "data": {"offering": said.offering, "result_id": said.event_id},
        }
    )


def _load(document: Mapping[str, Any]) -> Statement:
    void = document.get("void")
    said = tuple(map(Said._make, document["said"]))
    return Statement(document["tenant"], document["statement"], said, Void(*void) if void else None)


def _dump(statement: Statement) -> dict[str, Any]:
    document: dict[str, Any] = {
        "tenant": statement.tenant,
        "statement": statement.statement,
        "said": [list(each) for each in statement.said],
    }
    return document | {"void": list(statement.void)} if statement.void else document


STATEMENTS: Model[Statement] = Model("statements", Statement.new, _load, _dump)
