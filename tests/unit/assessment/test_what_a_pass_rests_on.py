"""A pass says what it rests on: components, evidence, dates, role and term."""

import pytest

from services.assessment.grading.outcomes import MOST_EVIDENCE
from services.assessment.grading.settling import MAX_EVIDENCE
from shared.contracts.achievement import ComponentResult, Evidence
from shared.contracts.assessment import MOST_CAUSES, LearnerPassed, Pass
from shared.kit.errors import RecordRefused
from tests.unit.assessment import more
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


def rests_on(learner: Learner) -> list[tuple[str, str, str | None]]:
    """Return ids, types and components of what the latest pass rests on."""
    return [(each.event_id, each.type.removeprefix("microcred."), each.component) for each in passed(learner).causes]


def test_the_places_and_the_results_that_count_are_its_causes_the_oldest_first() -> None:
    learner = Learner().fold(
        offering(TWO),
        result("late", 90, minute=5),
        result("other", 90, component="essay", minute=3),
        result("unmarked", None, minute=3),
        result("gone", 90, minute=1),
        voided("gone"),
        unenrolled(2),
        enrolled(1),
        result("early", 10, component="quiz", minute=4),
        enrolled(3, "r2"),
    )

    assert rests_on(learner) == [
        ("r1", "learner.registered.v1", None),
        ("u1", "learner.unregistered.v1", None),
        ("r2", "learner.registered.v1", None),
        ("early", "result.reported.v1", "quiz"),
        ("late", "result.reported.v1", "exam"),
    ]
    assert [each.time for each in passed(learner).causes] == [at(minute) for minute in (1, 2, 3, 4, 5)]


def test_all_that_was_said_of_an_attempt_is_a_cause() -> None:
    first = result("first", 90, attempt="a1", minute=1, final=False)

    learner = Learner().fold(offering(), first, result("second", 80, attempt="a1", minute=2), enrolled())

    assert [id_ for id_, _, _ in rests_on(learner)] == ["r1", "first", "second"]


def test_what_the_whole_of_a_policy_asked_for_is_a_cause() -> None:
    exam = {"id": "exam", "weight": 1, "identity": True, "due": at(1).isoformat()}
    published = more.offering(
        exam, {"id": "quiz", "weight": 1}, awaits_release=True, late={"percent": 10}, recognition={"effect": "excuse"}
    )
    learner = Learner().fold(
        published,
        enrolled(),
        result("e1", 90, attempt="a1", minute=2),
        more.extended("due", 3, minute=1),
        more.extended("due-before", 2, minute=0),
        more.extended("due-elsewhere", 2, component="essay"),
        more.checked("seen", "a1", minute=3),
        more.checked("seen-elsewhere", component="quiz"),
        more.recognised("shown", "quiz", minute=1),
        more.recognised("not-needed", "essay", minute=1),
        more.verdict("v", passed=True),
        more.released("too-early", minute=1),
        more.released("out", minute=4),
    )

    assert rests_on(learner) == [
        ("r1", "learner.registered.v1", None),
        ("due", "extension.granted.v1", "exam"),
        ("shown", "learning.recognised.v1", "quiz"),
        ("e1", "result.reported.v1", "exam"),
        ("seen", "identity.checked.v1", "exam"),
        ("out", "results.released.v1", None),
    ]


def test_the_platforms_verdict_is_a_cause_where_it_decides() -> None:
    learner = Learner().fold(
        more.offering(decided_by="platform"),
        enrolled(),
        more.verdict("no", passed=False, minute=1),
        more.verdict("yes", passed=True, minute=2),
    )

    assert rests_on(learner) == [("r1", "learner.registered.v1", None), ("yes", "verdict.reported.v1", None)]


def test_rulings_on_all_that_led_to_it_are_causes() -> None:
    easier = offering(mark="30", minute=9)
    version = easier.data.policy.version
    learner = Learner().fold(offering(), enrolled(1), result("e1", 35, minute=2), easier)
    learner.fold(more.all_migrated("moved", version, minute=5), more.all_migrated("spared", version, 6, "0" * 12))

    assert rests_on(learner.sweep()) == [
        ("r1", "learner.registered.v1", None),
        ("e1", "result.reported.v1", "exam"),
        ("moved", "all.migrated.v1", None),
    ]


def test_of_many_causes_the_latest_are_told_and_how_many_more_there_are() -> None:
    results = [result(f"r{n}", 90, minute=n) for n in range(MOST_CAUSES + 4)]

    said = passed(Learner().fold(offering(), *results, enrolled(-1)))

    assert (len(said.causes), said.causes_left_out) == (MOST_CAUSES, 5)
    assert (said.causes[0].event_id, said.causes[-1].event_id) == ("r4", f"r{MOST_CAUSES + 3}")
    assert passed(Learner().fold(offering(), result("a", 90), enrolled())).causes_left_out is None
