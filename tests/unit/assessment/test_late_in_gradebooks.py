"""What a gradebook tells of lateness: when the work was handed in, and not when somebody came to grade it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.enrolment.platforms.canvas.events import canvas
from services.enrolment.platforms.lti_ags import score
from shared.contracts.envelope import LearnerEvent
from tests.unit.assessment import facts as a
from tests.unit.assessment import more
from tests.unit.assessment.facts import Learner
from tests.unit.enrolment.platforms.test_canvas import live
from tests.unit.enrolment.platforms.town import EXAM, ISSUER, sender

DUE = a.at(0)
GRADED = DUE + timedelta(days=4)
LATE = {"percent": 10, "step_hours": 24, "cut_off_hours": 72}


def over_lti(submitted: timedelta | None, points: int = 80, graded: datetime = GRADED) -> tuple[LearnerEvent, ...]:
    body: dict[str, Any] = {
        "userId": "5323497",
        "scoreGiven": points,
        "scoreMaximum": 100,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": graded.isoformat(),
    }
    told = {} if submitted is None else {"submission": {"submittedAt": (DUE + submitted).isoformat()}}
    return score(body | told, sender(), EXAM, ISSUER).events


def over_canvas(submitted: timedelta | None) -> tuple[LearnerEvent, ...]:
    payloads = [live("grade_change", metadata={"event_time": GRADED.isoformat()}, score=80)]
    if submitted is not None:
        payloads.append(live("submission_created", submitted_at=(DUE + submitted).isoformat()))
    return tuple(event for each in payloads for event in canvas(each, sender()).events)


@pytest.mark.parametrize("route", [over_lti, over_canvas])
@pytest.mark.parametrize(
    ("submitted", "grade"),
    [(timedelta(hours=-1), 80), (timedelta(hours=1), 70), (timedelta(hours=73), None), (None, None)],
)
def test_work_is_late_by_when_it_was_handed_in(route: Any, submitted: timedelta | None, grade: float | None) -> None:
    offering = more.offering({"id": "exam", "weight": 1, "due": DUE}, late=LATE)
    for events in (route(submitted), tuple(reversed(route(submitted)))):
        learner = Learner().fold(offering, a.enrolled(), *events)
        assert [each.grade_percent for each in learner.passed[-1:]] == ([grade] if grade else [])


def test_work_that_is_handed_in_again_takes_no_pass_back_until_it_is_graded() -> None:
    again = over_lti(timedelta(days=5), points=90, graded=GRADED + timedelta(days=2))
    learner = Learner().fold(a.offering(), a.enrolled(), *over_lti(timedelta(hours=-1)), *again)

    assert learner.progress.passed
    assert [each.grade_percent for each in learner.passed] == [80]
