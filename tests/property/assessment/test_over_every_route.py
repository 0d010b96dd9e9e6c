"""The same pass, told over the event bus, the tracking log and an LTI tool: one pass, and by every rule one grade."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrolment.platforms.lti_ags import score
from shared.contracts.envelope import Event, LearnerEvent
from shared.contracts.platform import ResultReported, VerdictReported
from tests.unit.assessment import facts as an
from tests.unit.assessment.facts import Learner
from tests.unit.enrolment import spoken
from tests.unit.enrolment.bus import Bus
from tests.unit.enrolment.openedx.signals import GRADED, PASSING
from tests.unit.enrolment.platforms.test_lti_ags import BODY
from tests.unit.enrolment.platforms.town import ISSUER, WHOLE, sender
from tests.unit.enrolment.xapi.test_edx_xapi import of_course

BUS = Bus()
GRADE = {"score": {"scaled": 0.82, "raw": 0.82, "min": 0, "max": 1}}


def of_one_learner(event: Event) -> LearnerEvent:
    """Give an event to the one learner and offering: each route's tests have their own names for them."""
    assert isinstance(event, ResultReported | VerdictReported)
    data = event.data.model_copy(update={"offering": an.OFFERING})
    if isinstance(event, ResultReported):
        data = data.model_copy(update={"component": "exam"})
    return event.model_copy(update={"learner_ref": an.LEARNER, "tenant": an.TENANT, "data": data})


def told() -> list[LearnerEvent]:
    """Return the pass as each route tells it: its mark, and where there is one the platform's verdict."""
    over_the_bus = (BUS.says(GRADED, percent=0.82), BUS.says(PASSING))
    over_xapi = (*spoken.said(of_course(spoken.TINCAN + "earned", result=GRADE)), *spoken.said(of_course("passed")))
    over_lti = score(BODY, sender(), WHOLE, ISSUER).events
    return [of_one_learner(event) for event in (*over_the_bus, *over_xapi, *over_lti)]


def test_the_bus_and_the_tracking_log_tell_of_one_attempt() -> None:
    bus, xapi = (
        next(event for event in events if isinstance(event, ResultReported))
        for events in ([BUS.says(GRADED, percent=0.82)], spoken.said(of_course(spoken.TINCAN + "earned", result=GRADE)))
    )

    assert bus.data.attempt == xapi.data.attempt == spoken.RUN


@pytest.mark.parametrize("attempts", ["best", "last", "mean"])
@given(st.data())
@settings(max_examples=30)
def test_any_order_and_repetition_is_one_pass(attempts: str, data: st.DataObject) -> None:
    facts: list[Event] = [an.offering(attempts=attempts), an.enrolled(), *told()]
    repeated = data.draw(st.lists(st.sampled_from(facts), max_size=4))

    learner = Learner().fold(*data.draw(st.permutations([*facts, *repeated]))).sweep()

    assert [(each.grade_percent, each.ordinal) for each in learner.passed] == [(82, 1)]
    assert len(learner.outstanding) == 1
