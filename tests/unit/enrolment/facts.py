"""Events about one learner's place on one offering, and a fold that also checks that folding twice is folding once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import bson

from services.enrolment.domain import Enrolment
from services.enrolment.store import ENROLMENTS
from services.enrolment.stream import worker
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import Event
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered
from shared.kit.bindings import Handler

TENANT, LEARNER, OFFERING = "ou", "learner-1", "AAA/2013J"
KEY = f"{TENANT}/{LEARNER}/{OFFERING}"
START = datetime(2026, 3, 1, tzinfo=UTC)
HANDLERS: dict[type[Event], Handler] = {
    kind: handler
    for binding in worker.bindings
    if binding.model is ENROLMENTS
    for kind, handler in binding.handlers.items()
}
DEFINITION: dict[str, Any] = {
    "achievement": {"name": "Data skills", "description": "What it is", "criteria": "How to earn it"},
    "issuer": {"name": "The Open University"},
    "policy": {"components": [{"id": "exam", "weight": 1}], "pass_mark": 40},
}


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def envelope(id_: str, minute: float = 0, **changed: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "source": "test",
        "time": at(minute),
        "tenant": TENANT,
        "learner_ref": LEARNER,
        "data": {"offering": OFFERING},
        **changed,
    }


def registered(id_: str = "r1", minute: float = 0, **changed: Any) -> LearnerRegistered:
    return LearnerRegistered.model_validate(envelope(id_, minute, **changed))


def unregistered(id_: str = "u1", minute: float = 0, **changed: Any) -> LearnerUnregistered:
    return LearnerUnregistered.model_validate(envelope(id_, minute, **changed))


def published(id_: str, minute: int, *, offering: str = OFFERING, tenant: str = TENANT, mark: int = 40) -> Any:
    data = {**DEFINITION, "offering": offering, "policy": {**DEFINITION["policy"], "pass_mark": mark}}
    return OfferingPublished.model_validate(
        {"id": id_, "source": "test", "time": at(minute), "tenant": tenant, "data": data}
    )


class Place:
    """One enrolment as the worker keeps it: each event folded twice, each state stored and read again."""

    def __init__(self) -> None:
        self.enrolment = Enrolment.new(KEY)
        self.said: list[Any] = []

    def fold(self, *events: Event) -> "Place":
        for event in events:
            handler = HANDLERS[type(event)]
            folded = handler(self.enrolment, event)
            again = handler(folded.state, event)
            assert again.state is folded.state, "folding an event id twice changed the state"
            assert not again.says, "folding an event id twice said something"
            self.enrolment = ENROLMENTS.load(bson.decode(bson.encode(ENROLMENTS.dump(folded.state))))
            assert self.enrolment == folded.state, "what is stored is not what was folded"
            self.said.extend(folded.says)
        return self

    @property
    def words(self) -> list[str]:
        return [type(event).__name__.removeprefix("Learner").lower() for event in self.said]
