"""The same attempt over several routes is one attempt, and the same pass over several routes is one pass."""

from typing import Any

import pytest

from services.assessment.explaining.explanation import explain
from services.assessment.store import PROGRESS
from shared.contracts.envelope import Event
from tests.unit.assessment import facts as an
from tests.unit.assessment import more
from tests.unit.assessment.facts import Learner

ROUTES = ("bus", "xapi", "ags")


def over_three_routes(mark: float, attempt: str, minute: int = 0) -> list[Event]:
    return [an.result(f"{route}-{attempt}", mark, attempt=attempt, minute=minute) for route in ROUTES]


@pytest.mark.parametrize("rules", [{"attempts": "mean"}, {"attempts": "best", "attempts_limit": 2}, {}])
def test_three_routes_are_one_attempt_one_assessment_and_one_pass(rules: dict[str, Any]) -> None:
    learner = Learner().fold(more.offering(**rules), an.enrolled())
    for first, second in zip(over_three_routes(20, "1"), over_three_routes(100, "2", 5), strict=True):
        learner.fold(first, second)
    found = explain(learner.progress, learner.offering)
    assert found.grade_percent == (60 if rules.get("attempts") == "mean" else 100)
    assert [each.results for each in found.components[0].tries] == [
        ("ags-1", "bus-1", "xapi-1"),
        ("ags-2", "bus-2", "xapi-2"),
    ]
    assert sorted(event.data.score_percent for event in learner.assessed) == [20, 100]
    assert len(learner.passes) == 1


def test_the_latest_word_of_an_attempt_stands_and_what_was_before_it_if_it_is_taken_back() -> None:
    learner = Learner().fold(an.offering(), an.enrolled(), an.result("new", 30, attempt="1", minute=5))
    learner.fold(an.result("old", 90, attempt="1"))
    assert not learner.passed
    learner.fold(an.voided("new"))
    assert learner.passed
    assert [event.data.result_id for event in learner.assessed] == ["new", "old"]


def test_an_attempt_without_a_name_is_one_of_its_own() -> None:
    tries = [an.result(f"r{number}", mark) for number, mark in enumerate((0, 50, 100))]
    learner = Learner().fold(an.offering(attempts="mean"), an.enrolled(), *tries)
    assert explain(learner.progress, learner.offering).grade_percent == 50


def test_a_document_of_before_is_read_and_grows() -> None:
    old = {
        "tenant": an.TENANT,
        "learner_ref": an.LEARNER,
        "offering": an.OFFERING,
        "placements": [[0, "r1", True]],
        "attempts": '[["r1","exam",0,30.0,100.0]]',
        "voided": [],
        "policy_version": an.offering().data.policy.version,
        "passed": False,
        "ordinal": 0,
    }
    learner = Learner().fold(an.offering())
    learner.progress = PROGRESS.load(old)
    assert PROGRESS.dump(learner.progress) == old
    learner.fold(an.result("r2", 90, attempt="2", minute=1))
    assert [event.data.result_id for event in learner.assessed] == ["r2"]
    assert learner.progress.passed


def test_a_document_that_needs_none_of_it_has_none_of_it() -> None:
    learner = Learner().fold(an.offering(), an.enrolled(), an.result("r1", 60))
    assert learner.progress.around is None
    assert "around" not in PROGRESS.dump(learner.progress)
