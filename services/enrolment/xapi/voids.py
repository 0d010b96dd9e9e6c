"""What became of xAPI statements, kept for the day that one is voided: a void names the statement alone. Pure.

The void and the statement may come in either order, and both name the statement, so both are folded into one document.
A platform voids what it said itself: ids can be guessed. A token that speaks for all platforms voids for all.
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


#: For whom it was said, where that was not kept: so it was at first, and any void of the institution counted.
ANYBODY = ""


class Said(NamedTuple):
    """An event that a statement became, and for which platform it was said."""

    event_id: str
    learner_ref: str
    offering: str
    platform: str | None = ANYBODY


class Void(NamedTuple):
    """A platform's first word that a statement must not count; `time` in microseconds since 1970."""

    time: int
    event_id: str
    platform: str | None = ANYBODY

    def reaches(self, said: Said) -> bool:
        """Tell whether it is for this platform to take that back."""
        return self.platform in {None, ANYBODY, said.platform} or said.platform == ANYBODY


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: the events that it became, in the order of their ids, and the voids of it, one of a platform."""

    tenant: str
    statement: str
    said: tuple[Said, ...] = ()
    voids: tuple[Void, ...] = ()

    @classmethod
    def new(cls, key: str) -> Self:
        """Return a statement that nothing is known of; `key` is `tenant/statement`."""
        tenant, statement = key.split("/", 1)
        return cls(tenant, statement)

    def void_of(self, said: Said) -> Void | None:
        """Return the first void that reaches an event."""
        return next((void for void in self.voids if void.reaches(said)), None)


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
    said = Said(event.id, event.learner_ref, event.data.offering, event.platform)
    after = replace(before, said=tuple(sorted((*before.said, said), key=_event_id)))
    void = before.void_of(said)
    return Folded(after, () if void is None else (_voided(said, void, event),))


def statement_voided(before: Statement, event: StatementVoided) -> Folded[Statement]:
    """Void whatever of the voiding platform the statement became, and will become; its first word counts."""
    void = Void(microseconds(event.time), event.id, event.platform)
    known = next((each for each in before.voids if each.platform == void.platform), None)
    if known is not None and known[:2] <= void[:2]:
        return Folded(before)
    if known is None and len(before.voids) >= MAX_SAID:
        raise RecordRefused("platform", f"{MAX_SAID} platforms voided statement {before.statement}; no more are taken")
    others = (each for each in before.voids if each is not known)
    after = replace(before, voids=tuple(sorted((*others, void), key=_first)))
    reached = [said for said in before.said if void.reaches(said) and before.void_of(said) is None]
    return Folded(after, tuple(_voided(said, void, event) for said in reached))


def _event_id(said: Said) -> str:
    return said.event_id


def _first(void: Void) -> tuple[int, str, str]:
    return void.time, void.event_id, void.platform or ""


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
    void = document.get("void")  # as it was kept at first, of whichever platform
    voids = [*([void] if void else []), *document.get("voids", ())]
    said = tuple(Said(*row) for row in document["said"])
    return Statement(document["tenant"], document["statement"], said, tuple(Void(*row) for row in voids))


def _dump(statement: Statement) -> dict[str, Any]:
    document: dict[str, Any] = {
        "tenant": statement.tenant,
        "statement": statement.statement,
        "said": [list(each) for each in statement.said],
    }
    return document | {"voids": [list(each) for each in statement.voids]} if statement.voids else document


STATEMENTS: Model[Statement] = Model("statements", Statement.new, _load, _dump)
