"""What platforms say in these tests, and an institution that knows some of their courses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from services.enrolment.door.courses import CourseAmbiguous, CourseUnknown
from services.enrolment.door.identity import Identities
from services.enrolment.platforms.caliper import events as caliper
from services.enrolment.platforms.door import Account, Place, Sender, Translated
from services.enrolment.platforms.xapi import events as xapi
from shared.contracts.wire import ContractError

LMS = "https://lms.example.org"
RUN = "course-v1:OpenU+DIGSKILL15+2026_T1"
COURSE = f"{LMS}/course/{RUN}"
EXAM = f"{LMS}/xblock/block-v1:OpenU+DIGSKILL15+2026_T1+type@sequential+block@final"
AU = f"{LMS}/au/77"
OFFERING = "DIGSKILL15"
LEARNER = "32e08e30-f8ae-4ce2-94a8-c2bfe38a70cb"
ADL = "http://adlnet.gov/expapi/verbs/"
TINCAN = "http://id.tincanapi.com/verb/"
IDENTITIES = Identities(b"a secret of an installation, long enough")


@dataclass
class Book:
    """Courses and activities, by the names that platforms give them; `shared` only within a course."""

    courses: Mapping[str, Place] = field(default_factory=dict)
    activities: Mapping[str, Place] = field(default_factory=dict)
    shared: Mapping[tuple[str, str], Place] = field(default_factory=dict)

    def course(self, name: str) -> Place:
        if name not in self.courses:
            raise CourseUnknown("course", f"no offering is delivered by {name}")
        return self.courses[name]

    def activity(self, name: str, course: str | None = None) -> Place:
        found = self.shared.get((name, course or ""), self.activities.get(name))
        if found is None and any(shared == name for shared, _ in self.shared):
            raise CourseAmbiguous("activity", f"more than one offering is delivered by {name}")
        if found is None:
            raise CourseUnknown("activity", f"no offering is delivered by {name}")
        return found


BOOK = Book(
    {COURSE: Place(OFFERING, "whole")},
    {EXAM: Place(OFFERING, "exam"), AU: Place(OFFERING, "unit")},
)


def sender(book: Book = BOOK, platform: str | None = "lms-1") -> Sender:
    return Sender("ou", platform, book, lambda account: IDENTITIES.learner_ref("ou", account))


def ref(home: str = LMS, name: str = LEARNER) -> str:
    return IDENTITIES.learner_ref("ou", Account(home, name))


def statement(verb: str, target: str = EXAM, **changed: Any) -> dict[str, Any]:
    """Return a statement as Open edX's transformer makes them, before anything is changed."""
    return {
        "id": "6f2c3e1a-5b1d-4f0a-9a51-2f6a4e6b8c11",
        "version": "1.0.3",
        "actor": {"objectType": "Agent", "account": {"homePage": LMS, "name": LEARNER}},
        "verb": {"id": verb if "/" in verb else ADL + verb, "display": {"en": verb}},
        "object": {"id": target, "objectType": "Activity"},
        "timestamp": "2026-03-02T09:31:00.123456+00:00",
        **changed,
    }


def scored(scaled: float | None = None, **numbers: float) -> dict[str, Any]:
    score = {**numbers} if scaled is None else {"scaled": scaled, **numbers}
    return {"result": {"score": score}}


def translated(*statements: Any, book: Book = BOOK) -> list[Translated]:
    found, _ = xapi.statements(orjson.dumps(list(statements)))
    return [xapi.translate(each, sender(book)) for each in found]


def said(*statements: Any, book: Book = BOOK) -> list[Any]:
    return [event for each in translated(*statements, book=book) for event in each.events]


def fault_of(given: Any) -> str:
    """Return the field at fault of a statement that is malformed."""
    try:
        xapi.statements(orjson.dumps(given))
    except ContractError as error:
        return error.field
    return ""


def envelope(*data: Any, **changed: Any) -> dict[str, Any]:
    return {
        "sensor": f"{LMS}/sensor",
        "sendTime": "2026-03-02T09:58:00.000Z",
        "dataVersion": "http://purl.imsglobal.org/ctx/caliper/v1p2",
        "data": list(data),
        **changed,
    }


def graded(**changed: Any) -> dict[str, Any]:
    """Return a GradeEvent; members of `object` and `generated` are changed by name."""
    return {
        "@context": "http://purl.imsglobal.org/ctx/caliper/v1p2",
        "id": "urn:uuid:a50ca17f-5971-47bb-8fca-4e6e6879001d",
        "type": "GradeEvent",
        "profile": "GradingProfile",
        "actor": {"id": f"{LMS}/autograder", "type": "SoftwareApplication"},
        "action": "Graded",
        "object": {
            "id": f"{LMS}/attempts/9",
            "type": "Attempt",
            "assignee": f"{LMS}/users/4711",
            "assignable": EXAM,
            "count": 1,
        },
        "eventTime": "2026-03-02T09:57:06.000Z",
        "generated": {"id": f"{LMS}/scores/1", "type": "Score", "maxScore": 15.0, "scoreGiven": 12.3},
        "group": {"id": COURSE, "type": "CourseSection"},
        **changed,
    }


def told(*data: Any, book: Book = BOOK, **changed: Any) -> list[Any]:
    """Return the events of an envelope; a member that is refused is its error."""
    events: list[Any] = []
    for piece in caliper.pieces(orjson.dumps(envelope(*data, **changed))):
        try:
            events.extend(caliper.translate(piece, sender(book)).events)
        except ContractError as error:
            events.append(error)
    return events
