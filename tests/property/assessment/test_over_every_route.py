"""The same pass, told over the event bus, the tracking log and an LTI tool: one pass, and by every rule one grade."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assessment.explaining.explanation import explain
from services.assessment.store import PROGRESS
from services.enrolment.platforms.door import Sender
from services.enrolment.platforms.lti_ags import score
from shared.contracts.envelope import Event, LearnerEvent
from shared.contracts.platform import ResultReported, VerdictReported
from tests.property.enrolment.test_links import World, has_passed, linked
from tests.unit.assessment import facts as an
from tests.unit.assessment import more
from tests.unit.assessment.facts import Learner
from tests.unit.enrolment import facts as a
from tests.unit.enrolment import spoken
from tests.unit.enrolment.bus import OTHER_RUN, Bus
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


def of_the_offering(event: Event, minute: int) -> LearnerEvent:
    """Give an event to the one offering and day, and leave the learner the reference of the platform's account."""
    assert isinstance(event, LearnerEvent)
    return of_one_learner(event).model_copy(update={"learner_ref": event.learner_ref, "time": a.at(minute)})


def over_the_bus() -> tuple[Event, ...]:
    return BUS.says(GRADED, percent=0.82), BUS.says(PASSING)


def over_xapi() -> tuple[Event, ...]:
    return (*spoken.said(of_course(spoken.TINCAN + "earned", result=GRADE)), *spoken.said(of_course("passed")))


def over_lti(tool: Sender) -> tuple[Event, ...]:
    return score(BODY, tool, WHOLE, ISSUER).events


def by_hash() -> Sender:
    """Return a sender whose accounts become references as they do at the door."""
    return replace(sender(), learner_ref=partial(spoken.IDENTITIES.learner_ref, "ou"))


def told() -> list[LearnerEvent]:
    """Return the pass as each route tells it: its mark, and where there is one the platform's verdict."""
    return [of_one_learner(event) for event in (*over_the_bus(), *over_xapi(), *over_lti(sender()))]


def test_the_bus_and_the_tracking_log_tell_of_one_attempt() -> None:
    bus, xapi = (
        next(event for event in events if isinstance(event, ResultReported))
        for events in ([BUS.says(GRADED, percent=0.82)], spoken.said(of_course(spoken.TINCAN + "earned", result=GRADE)))
    )

    assert bus.data.attempt == xapi.data.attempt == spoken.RUN


#: Each of them makes something of how many attempts there are.
RULES: tuple[dict[str, Any], ...] = (
    *({"attempts": attempts} for attempts in ("best", "last", "mean")),
    *({"attempts": attempts, "resit_cap": 50} for attempts in ("last", "mean")),
    {"attempts": "last", "attempts_limit": 1},
)


def test_a_status_of_the_bus_and_of_the_tracking_log_is_one_voice() -> None:
    told_by = [event.data.by for event in (*over_the_bus(), *over_xapi()) if isinstance(event, VerdictReported)]
    assert told_by == ["passing status", "passing status"]


@pytest.mark.parametrize("rules", RULES, ids=str)
@given(st.data())
@settings(max_examples=30)
def test_any_order_and_repetition_is_one_pass(rules: dict[str, Any], data: st.DataObject) -> None:
    facts: list[Event] = [more.offering(pass_mark=75, **rules), an.enrolled(), *told()]
    repeated = data.draw(st.lists(st.sampled_from(facts), max_size=4))

    learner = Learner().fold(*data.draw(st.permutations([*facts, *repeated]))).sweep()

    assert [(each.grade_percent, each.ordinal) for each in learner.passed] == [(82, 1)]
    assert len(learner.outstanding) == 1


@given(st.data())
@settings(max_examples=50)
def test_two_runs_are_two_attempts_also_where_a_gradebook_repeats_their_marks(data: st.DataObject) -> None:
    bus = (BUS.says(GRADED, percent=0.4), BUS.says(GRADED, course=OTHER_RUN, percent=0.9))
    lti = [
        of_one_learner(event)
        for day, points in ((2, 6), (3, 13.5))
        for event in score(at_day(day, points), sender(), WHOLE, ISSUER).events
    ]
    facts = [more.offering(pass_mark=70, attempts="mean"), an.enrolled(), *map(of_one_learner, bus), *lti]

    learner = Learner().fold(*data.draw(st.permutations(facts))).sweep()

    assert explain(learner.progress, learner.offering).grade_percent == 65
    assert not learner.outstanding


def at_day(day: int, points: float) -> dict[str, Any]:
    return BODY | {"scoreGiven": points, "timestamp": f"2026-03-0{day}T09:57:06.123+00:00"}


@pytest.mark.parametrize(("mark", "worth"), [(90, 90), (70, 40)])
def test_a_mark_that_is_no_attempts_is_one_of_its_own(mark: float, worth: float) -> None:
    rules: dict[str, Any] = {"attempts": "last", "resit_cap": 40}
    other = an.result("lti", mark, attempt="grade", minute=5)
    run = an.result("bus", 90, attempt="run", minute=1)
    learner = Learner().fold(more.offering(**rules), an.enrolled(), run, other).sweep()
    assert explain(learner.progress, learner.offering).grade_percent == worth


def test_a_provisional_mark_is_no_word_for_good() -> None:
    run, other = an.result("bus", 90, attempt="run", final=False), an.result("lti", 90, attempt="grade")
    assert Learner().fold(more.offering(), an.enrolled(), run, other).outstanding


def test_a_check_of_what_the_gradebook_calls_it_is_about_the_attempt() -> None:
    exam = {"id": "exam", "weight": 1, "identity": True}
    run, other = an.result("bus", 90, attempt="run"), an.result("lti", 90, attempt="grade")
    assert Learner().fold(more.offering(exam), an.enrolled(), run, other, more.checked("c", "grade")).outstanding


def test_three_accounts_by_their_own_names_are_one_pass_once_they_are_linked() -> None:
    said = (*over_the_bus(), *over_xapi(), *over_lti(by_hash()))
    events = [of_the_offering(event, minute) for minute, event in enumerate(said)]
    bus, xapi, lti = (events[place].learner_ref for place in (0, 2, -1))
    assert len({bus, xapi, lti}) == 3
    places = [a.registered(f"r-{ref}", 0, learner_ref=ref) for ref in (bus, xapi, lti)]

    world = asyncio.run(linked_world([*places, *events], bus, (xapi, lti)))

    assert [has_passed(world, ref) for ref in (bus, xapi, lti)] == [True, False, False]
    progress = PROGRESS.load(world.stores["assessment"].collections["progress"][f"ou/{bus}/{a.OFFERING}"])
    assert [each.attempt.score for each in progress.tries] == [0.82]


async def linked_world(events: Sequence[Event], into: str, others: Sequence[str]) -> World:
    """Return what comes of events when the accounts turn out to be one person's afterwards."""
    world = World()
    await world.publish([more.offering(pass_mark=75, attempts="last", resit_cap=50), *events])
    await world.settle()
    await world.publish([linked(60, other, into) for other in others])
    await world.settle()
    while await world.carry():
        await world.settle()
    return world
