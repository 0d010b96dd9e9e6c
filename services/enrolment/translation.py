"""From the items of a payload to canonical events, and what was refused of them, by index and field. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as member
from datetime import datetime
from typing import Any

from services.enrolment.errors import ForeignEvent
from services.enrolment.platforms.door import Sender, Translated
from services.enrolment.platforms.formats import Format
from shared.contracts.envelope import LearnerEvent
from shared.contracts.wire import ContractError, refuse_the_future

Person = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """One item that was not taken, and why; `id` where it had one."""

    index: int
    id: str | None
    field: str
    reason: str
    error: ContractError = member(compare=False, repr=False)

    def shown(self) -> dict[str, Any]:
        """Return it as it is answered."""
        return {"index": self.index, "id": self.id, "field": self.field, "reason": self.reason}


@dataclass(slots=True)
class Sorted:
    """What a payload came to: events in its order, the people of the vault by learner, and what was refused."""

    events: list[LearnerEvent] = member(default_factory=list)
    people: dict[str, Person] = member(default_factory=dict)
    refused: list[Refused] = member(default_factory=list)


def sort_out(items: Sequence[Any], format_: Format, sender: Sender, now: datetime) -> Sorted:
    """Return what can be taken of these items, each whole or not at all."""
    done = Sorted()
    for index, item in enumerate(items):
        try:
            translated = format_.translate(item, sender)
            for event in translated.events:
                _check(event, sender, now)
        except ContractError as error:
            done.refused.append(Refused(index, format_.id_of(item), error.field, error.reason, error))
        else:
            done.events.extend(translated.events)
            _meet(done.people, translated)
    return done


def _check(event: LearnerEvent, sender: Sender, now: datetime) -> None:
    if event.tenant != sender.tenant:
        raise ForeignEvent("tenant", f"the token speaks for {sender.tenant}; send a token for {event.tenant}")
    refuse_the_future(event, now)


def _meet(people: dict[str, Person], translated: Translated) -> None:
    # A later item of the same payload knows better; what it does not mention stands.
    for learner_ref, person in translated.people.items():
        people.setdefault(learner_ref, {}).update(person)
