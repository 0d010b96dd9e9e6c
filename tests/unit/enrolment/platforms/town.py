"""An institution whose offering is delivered on several platforms, and whose learner has an account on each."""

import hashlib
from typing import Any

from services.enrolment.platforms.door import Account, Place, Sender
from shared.contracts.wire import ContractError

OFFERING, EXAM, WHOLE = "AAA/2013J", Place("AAA/2013J", "exam"), Place("AAA/2013J", "whole")
CANVAS_ACCOUNT, CANVAS_COURSE, CANVAS_EXAM = "VicYj3cu5BIF", "21070000000000565", "21070000000000355"
ISSUER = "https://lms.example.org"
#: The same person, by whatever name.
AROHA = {
    Account(ISSUER, "5323497"): "aroha",
    Account(CANVAS_ACCOUNT, "21070000000020064"): "aroha",
}


class Courses:
    """`Courses` over two dictionaries."""

    def __init__(self, courses: dict[str, Place], activities: dict[tuple[str, str | None], Place]) -> None:
        self.courses, self.activities = courses, activities

    def course(self, name: str) -> Place:
        if name not in self.courses:
            raise ContractError("course", f"{name} delivers nothing")
        return self.courses[name]

    def activity(self, name: str, course: str | None = None) -> Place:
        found = self.activities.get((name, course)) or self.activities.get((name, None))
        if found is None:
            raise ContractError("activity", f"{name} in {course} delivers nothing")
        return found


def learner_ref(account: Account) -> str:
    return AROHA.get(account) or "lrn-" + hashlib.sha256("/".join(account).encode()).hexdigest()[:12]


def sender(courses: dict[str, Place] | None = None, activities: Any = None, platform: str = "an-lms") -> Sender:
    known = Courses(
        {CANVAS_COURSE: WHOLE} if courses is None else courses,
        {(CANVAS_EXAM, CANVAS_COURSE): EXAM, ("https://lms.example.org/items/7", None): EXAM}
        if activities is None
        else activities,
    )
    return Sender("ou", platform, known, learner_ref)
