"""A pass says what it rests on: components, evidence, dates, role and term."""

import pytest

from services.assessment.grading.outcomes import MOST_EVIDENCE
from services.assessment.grading.settling import MAX_EVIDENCE
from shared.contracts.achievement import ComponentResult, Evidence
from shared.contracts.assessment import LearnerPassed, Pass
from shared.kit.errors import RecordRefused
from tests.unit.assessment.facts import Learner, at, enrolled, offering, result, unenrolled, voided

TWO = (("quiz", "1"), ("exam", "3"))
REPORT = {"url": "https://work.example/1", "name": "Report"}


def passed(learner: Learner) -> Pass:
    event = learner.passes[-1]
    assert isinstance(event, LearnerPassed)
    return event.data


def test_every_component_of_the_policy_is_named_with_its_score() -> None:
    said = passed(Learner().fold(offering(TWO), enrolled(), result("a", 30, max_score=40)))

    assert said.pass_mark == 40
    assert said.components == (
        ComponentResult(component="quiz"),
        ComponentResult(component="exam", score_percent=75),
    )


def test_it_began_with_the_place_and_ended_with_the_last_result_that_counts() -> None:
    said = passed(Learner().fold(offering(TWO), enrolled(1), result("a", 60, minute=9), result("b", None, minute=99)))

    assert (said.started, said.ended) == (at(1), at(9))


def test_what_was_carried_over_from_before_the_place_is_when_it_began() -> None:
    said = passed(Learner().fold(offering(), result("a", 50, minute=-9), enrolled(1)))

    assert (said.started, said.ended) == (at(-9), at(-9))


def test_evidence_of_the_results_that_count_goes_with_it_the_oldest_first() -> None:
    learner = Learner().fold(
        offering(TWO),
        result("late", 10, component="quiz", minute=5, evidence=[{"narrative": "Drew a map."}]),
        result("gone", 10, component="quiz", minute=1, evidence=[{"narrative": "Copied a map."}]),
        voided("gone"),
        result("first", 90, minute=2, evidence=[REPORT]),
        enrolled(),
    )

    assert passed(learner).evidence == (Evidence.model_validate(REPORT), Evidence(narrative="Drew a map."))


def test_of_much_evidence_the_latest_goes_with_it() -> None:
    pieces = [result(f"r{n}", 90, minute=n, evidence=[{"narrative": f"piece {n}"}]) for n in range(MOST_EVIDENCE + 5)]

    said = passed(Learner().fold(offering(), *pieces, enrolled()))

    assert [each.narrative for each in said.evidence] == [f"piece {n}" for n in range(5, MOST_EVIDENCE + 5)]


def test_a_document_holds_so_much_evidence_and_no_more() -> None:
    learner = Learner()
    for number in range(MAX_EVIDENCE // 5):
        learner.fold(result(f"r{number}", 1, evidence=[{"narrative": "x"}] * 5))

    with pytest.raises(RecordRefused, match="send the result without"):
        learner.fold(result("more", 1, evidence=[REPORT]))


def test_role_and_term_are_those_of_the_latest_place() -> None:
    learner = Learner().fold(
        offering(),
        enrolled(1, "r1", term="Spring"),
        unenrolled(2),
        enrolled(3, "r2", term="Autumn", role="Learner"),
        result("a", 50, minute=4),
    )

    assert (passed(learner).term, passed(learner).role) == ("Autumn", "Learner")
