"""From the items of a payload to canonical events, and what was refused of them, by index and field. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from datetime import datetime
from typing import Any

from services.enrolment.errors import ForeignEvent
from services.enrolment.learners.domain import Standing
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


@dataclass(frozen=True, slots=True)
class Noted:
    """What of an item could not be said whole; it was taken all the same."""

    index: int
    field: str
    reason: str


@dataclass(slots=True)
class Sorted:
    """What a payload came to: events in its order, the people of the vault by learner, what was refused, and notes."""

    events: list[LearnerEvent] = member(default_factory=list)
    people: dict[str, Person] = member(default_factory=dict)
    refused: list[Refused] = member(default_factory=list)
    notes: list[Noted] = member(default_factory=list)

    def add(self, translated: Translated) -> None:
        """Take what one item came to; a later one knows better about a person, and what it does not mention stands."""
        self.events.extend(translated.events)
        for learner_ref, person in translated.people.items():
            self.people.setdefault(learner_ref, {}).update(person)

    def move(self, standings: Mapping[str, Standing]) -> None:
        """Let linked learners go as the ones that they are, and forget the people who are erased.

        After translation, so that the id of a fact does not depend on who is linked when it is reported again.
        """
        if not standings:
            return
        for place, event in enumerate(self.events):
            stands = standings.get(event.learner_ref)
            if stands is not None and stands.learner_ref != event.learner_ref:
                self.events[place] = event.model_copy(update={"learner_ref": stands.learner_ref})
        people, self.people = self.people, {}
        for ref, person in people.items():
            stands = standings.get(ref, Standing(ref, erased=False))
            if not stands.erased:
                self.people.setdefault(stands.learner_ref, {}).update(person)


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
            done.add(translated)
            done.notes.extend(Noted(index, *note) for note in translated.notes)
    return done


def _check(event: LearnerEvent, sender: Sender, now: datetime) -> None:
    if event.tenant != sender.tenant:
        raise ForeignEvent("tenant", f"the token speaks for {sender.tenant}; send a token for {event.tenant}")
    refuse_the_future(event, now)
