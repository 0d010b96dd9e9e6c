"""What enrolment says of runs and modes, and what becomes of it in a pass."""

from itertools import permutations

from services.assessment.facts.progress import NO_STUDY
from tests.unit.assessment import facts as a
from tests.unit.assessment.facts import Learner
from tests.unit.enrolment import facts as places
from tests.unit.enrolment.facts import Place
from tests.unit.enrolment.test_handlers import on


def test_a_pass_says_the_mode_that_the_learner_had_come_to() -> None:
    place = Place().fold(
        places.registered("r1", 1, data=on("run-1", "audit")), places.registered("r2", 2, data=on("run-1", "verified"))
    )
    for order in permutations(place.said):
        learner = Learner().fold(a.offering(), *order, a.result("exam", 80, minute=9))
        assert [(each.role, each.term) for each in learner.passed] == [("verified", "run-1")]


def test_who_retakes_the_course_and_leaves_the_first_run_keeps_the_pass() -> None:
    words = [
        places.registered("r1", 1, data=on("run-1")),
        places.registered("r2", 5, data=on("run-2")),
        places.unregistered("u1", 6, data=on("run-1")),
    ]
    for order in permutations(words):
        said = Place().fold(*order).said
        learner = Learner().fold(a.offering(), *said, a.result("exam", 80, minute=3))
        assert learner.progress.passed
        assert [each.term for each in learner.passed] == ["run-2"]


def test_what_is_said_again_of_one_registration_counts_as_said_last_whatever_comes_first() -> None:
    words = [
        places.registered("p", 5),
        places.registered("k", 1, data=on("run-1", "audit")),
        places.unregistered("u", 3, data=on("run-1")),
    ]
    for order in permutations(words):
        place = Place().fold(*order)
        for heard in (place.said, place.said[::-1]):
            learner = Learner().fold(a.offering(), *heard, a.result("exam", 80, minute=9))
            assert learner.progress.study == NO_STUDY
            (said,) = learner.passed
            assert len({(each.event_id, each.type) for each in said.causes}) == len(said.causes)
