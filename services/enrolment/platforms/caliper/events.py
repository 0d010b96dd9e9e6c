"""IMS Caliper 1.1 and 1.2 to canonical events; what is not about registration or results says nothing. Pure.

Caliper has no verdict but Open edX's `Completed` of a course: a mark passes by the offering's own policy. Who graded is
the actor of a GradeEvent; whose work it was stands in the attempt.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.enrolment.platforms.caliper.shapes import Entity, Item, members
from services.enrolment.platforms.door import Place, Sender, Translated
from services.enrolment.platforms.heard import Heard, SaysNothing, account_at, component, first_known, short
from services.enrolment.platforms.marks import UNMARKED, Mark, before_its_mark, out_of
from services.enrolment.platforms.xapi.edx import names_of, run_of
from services.enrolment.platforms.xapi.statement import UUID
from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, VerdictReported
from shared.contracts.wire import MalformedEvent

#: What Open edX calls a course on the plain events of its enrolments.
_COURSES = frozenset({"CourseOffering", "CourseSection", "Membership"})
_WORK = ("AssessmentEvent", "AssignableEvent")
_NOTHING = Translated()
_NO_ITEM = Item()


class Piece(NamedTuple):
    """One member of an envelope's data, with the entities beside it; `fault` is why it is none."""

    item: Item
    entities: Mapping[str, Entity]
    fault: MalformedEvent | None = None


def pieces(body: bytes) -> list[Piece]:
    """Return the members of an envelope's data.

    Raises:
        MalformedEvent: the envelope is none.

    """
    found = members(body)
    entities = {each.id: each for each in found if isinstance(each, Item) and not each.action and each.id}
    return [Piece(each, entities) if isinstance(each, Item) else Piece(_NO_ITEM, entities, each) for each in found]


def translate(piece: Piece, sender: Sender) -> Translated:
    """Return what one member of an envelope's data says.

    Raises:
        ContractError: it is malformed, or about a course that no offering is delivered by.

    """
    if piece.fault is not None:
        raise piece.fault
    means = _MEANINGS.get((piece.item.type, piece.item.action))
    if means is None:
        return _NOTHING
    told = _Told(piece.item, sender, piece.entities)
    return Translated(tuple(means(told)), told.people)


@dataclass(slots=True)
class _Told:
    """An event that means something to us, with the entities that came beside it."""

    item: Item
    sender: Sender
    entities: Mapping[str, Entity]
    people: dict[str, dict[str, Any]] = field(default_factory=dict)

    def whole(self, name: str, given: str | Entity | None) -> Entity:
        """Return an entity that stands whole or by its IRI alone; one that nothing more is known of has only that."""
        if isinstance(given, Entity) and given.type and given.id:
            return given
        found = Entity(id=given) if isinstance(given, str) else given
        if found is None or not found.id:
            raise MalformedEvent(name, "missing, or without an id")
        return self.entities.get(found.id, found)

    def heard(self, whose: Entity) -> Heard:
        """Return the frame of what is said about this learner."""
        event, sender = self.item, self.sender
        if not event.id or event.event_time is None:
            raise MalformedEvent("eventTime" if event.id else "id", "missing")
        if whose.type not in {"", "Person"}:
            raise MalformedEvent("actor", f"a learner is a Person, not a {whose.type}")
        learner_ref = sender.learner_ref(account_at(whose.id, sender))
        if whose.name or whose.other_identifiers:
            self.people.setdefault(learner_ref, {}).update(_personal_data(whose))
        return Heard(sender, "caliper", _event_id(event.id), event.event_time, learner_ref)

    def component(self, work: Entity) -> Place:
        """Return the component that an assignment or a test counts for."""
        return component(self.sender.courses, names_of(work.id), self._around())

    def _around(self) -> Iterator[str]:
        if self.item.group is not None:
            yield self.whole("group", self.item.group).id


def _graded(told: _Told) -> Iterable[LearnerEvent]:
    attempt = told.whole("object", told.item.object)
    if attempt.assignee is None:
        raise MalformedEvent("object.assignee", "missing; whose attempt it is stands there, not in actor")
    work = told.whole("object.assignable", attempt.assignable)
    if told.item.generated is None:
        return  # that it was graded, and not how: a GradeEvent may leave its Score out, which clears no mark
    score = told.whole("generated", told.item.generated)
    if isinstance(told.item.generated, str) and not score.type:
        raise SaysNothing("generated", "nothing is known of this score but its address; send it whole, or beside")
    mark = _mark(score, work)
    place = told.component(work)
    yield told.heard(told.whole("object.assignee", attempt.assignee)).result(place, mark, _name(attempt))


def _handed_in(told: _Told) -> Iterable[LearnerEvent]:
    given = told.item.generated
    if given is None:
        return  # of which attempt is not said: as one of its own it would use up a policy's limit
    place = told.component(told.whole("object", told.item.object))
    heard = told.heard(told.whole("actor", told.item.actor))
    before = heard._replace(time=before_its_mark(heard.time))
    yield before.result(place, UNMARKED, _name(told.whole("generated", given)), final=False)


def _placed(told: _Told) -> Iterable[LearnerEvent]:
    place = told.whole("object", told.item.object)
    if place.type and place.type not in _COURSES:
        return
    # A membership of the standard names course and member; Open edX calls the course itself one.
    course = place if place.organization is None else told.whole("object.organization", place.organization)
    whose = told.item.actor if place.member is None else place.member
    offering = first_known(told.sender.courses.course, names_of(course.id)).offering
    heard = told.heard(told.whole("actor", whose))
    if told.item.action == "Completed":
        yield heard.says(VerdictReported, {"offering": offering, "passed": True})
    else:
        kind = LearnerRegistered if told.item.action == "Activated" else LearnerUnregistered
        yield heard.says(kind, {"offering": offering, "term": run_of(course.id)})


def _event_id(given: str) -> str:
    uuid = given.removeprefix("urn:uuid:").lower()
    return f"caliper/{uuid}" if UUID.fullmatch(uuid) else derived_id("caliper", given)


def _name(attempt: Entity) -> str:
    return short(attempt.id) if attempt.count is None else str(attempt.count)


def _mark(score: Entity, work: Entity) -> Mark:
    given = score.normal_score if score.score_given is None else score.score_given
    if given is None:
        return UNMARKED
    highest = score.max_score
    if highest is None:
        highest = work.max_score if score.max_result_score is None else score.max_result_score
    if highest is None:
        raise MalformedEvent("generated.maxScore", "missing; say what scoreGiven is out of")
    return out_of(given, highest) if highest else UNMARKED


def _personal_data(person: Entity) -> dict[str, Any]:
    told: dict[str, Any] = {"name": person.name} if person.name else {}
    mails = [each.identifier for each in person.other_identifiers or () if each.identifier_type == "EmailAddress"]
    return told | {"email": mails[0]} if mails else told


_MEANINGS: dict[tuple[str, str], Callable[[_Told], Iterable[LearnerEvent]]] = {
    ("GradeEvent", "Graded"): _graded,
    **{(kind, action): _handed_in for kind in _WORK for action in ("Submitted", "Completed")},
    **{("Event", action): _placed for action in ("Activated", "Deactivated", "Completed")},
}
