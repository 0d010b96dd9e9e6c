"""What each rule of a policy makes of marks, on examples small enough to reckon by hand."""

from itertools import permutations
from typing import Any

import pytest

from services.assessment.explaining.explanation import Explanation, explain
from services.assessment.facts.circumstance_texts import text_of
from shared.contracts.envelope import Event
from tests.unit.assessment import facts as an
from tests.unit.assessment import more
from tests.unit.assessment.facts import Learner, at

HOUR = 60
DUE = {"id": "exam", "weight": 1, "due": at(0)}
LATE = {"percent": 10, "step_hours": 24, "cut_off_hours": 72}


def shown(*events: Event) -> Explanation:
    learner = Learner().fold(an.enrolled(), *events).sweep()
    return explain(learner.progress, learner.offering)


def three(weight: str = "1") -> list[dict[str, Any]]:
    return [{"id": name, "weight": weight} for name in ("a", "b", "c")]


def marked(**marks: float) -> list[Event]:
    return [an.result(f"r-{name}", mark, component=name) for name, mark in marks.items()]


def test_of_a_group_the_best_count() -> None:
    group = {"id": "labs", "components": ["a", "b", "c"], "best": 2}
    found = shown(more.offering(*three(), groups=[group]), *marked(a=90, b=10, c=50))
    assert found.grade_percent == 70
    assert [each.dropped for each in found.components] == [False, True, False]
    assert found.components[1].why == ("The best 2 of 3 in labs count, and this is not among them.",)


def test_without_what_must_be_reached_nobody_passes() -> None:
    parts = [{"id": "a", "weight": 9}, {"id": "b", "weight": 1, "must_reach": 40}]
    found = shown(more.offering(*parts), *marked(a=100, b=39.999))
    assert (found.passed, found.components[1].reached) == (False, False)
    assert "b must reach 40 %, whatever the grade." in found.reasons
    assert shown(more.offering(*parts), *marked(a=100, b=40)).passed


@pytest.mark.parametrize(
    ("rules", "grade"),
    [
        ({"attempts": "best"}, 90),
        ({"attempts": "best", "attempts_limit": 1}, 30),
        ({"attempts": "mean", "attempts_limit": 2}, 60),
        ({"attempts": "last", "attempts_limit": 2}, 90),
        ({"attempts": "best", "resit_cap": 50}, 50),
        ({"attempts": "last", "resit_cap": 50}, 50),
    ],
)
def test_which_attempts_count(rules: dict[str, Any], grade: float) -> None:
    tries = [an.result(f"r{minute}", mark, minute=minute) for minute, mark in enumerate((30, 90, 60))]
    assert shown(more.offering(**rules), *tries).grade_percent == grade


@pytest.mark.parametrize(
    ("hours", "grade"), [(-1, 80), (0, 80), (0.5, 70), (24, 70), (24.5, 60), (72, 50), (72.5, 0), (1000, 0)]
)
def test_what_is_late_loses_points_for_each_step_begun(hours: float, grade: float) -> None:
    found = shown(more.offering(DUE, late=LATE), an.result("r", 80, minute=int(hours * HOUR)))
    assert found.grade_percent == grade


def test_an_extension_moves_due_date_and_cut_off_and_the_latest_one_stands() -> None:
    late, due = more.offering(DUE, late=LATE), an.result("r", 80, minute=100 * HOUR)
    assert shown(late, due).grade_percent == 0
    assert shown(late, due, more.extended("e1", 90 * HOUR)).grade_percent == 70
    assert shown(late, due, more.extended("e1", 90 * HOUR), more.extended("e2", 100 * HOUR, minute=1)).passed
    undone = shown(late, more.extended("e2", 0, minute=1), due, more.extended("e1", 100 * HOUR))
    assert (undone.grade_percent, undone.components[0].due) == (0, at(0))


def test_a_mark_that_is_corrected_later_makes_nobody_late() -> None:
    found = shown(
        more.offering(DUE, late=LATE),
        an.result("first", 30, attempt="1"),
        an.result("corrected", 80, attempt="1", minute=500 * HOUR),
    )
    assert found.grade_percent == 80
    (only,) = found.components[0].tries
    assert (only.results, only.handed_in, only.why) == (("first", "corrected"), at(0), "it counts")


def test_what_is_not_final_counts_for_nothing_and_the_final_word_does() -> None:
    provisional = an.result("r1", 90, attempt="1", final=False)
    found = shown(an.offering(), provisional)
    assert (found.passed, found.grade_percent, found.components[0].tries[0].state) == (False, 0, "provisional")
    assert shown(an.offering(), an.result("r2", 80, attempt="1", minute=1), provisional).grade_percent == 80
    assert shown(an.offering(), an.result("r2", 80, attempt="1"), more_provisional(minute=5)).grade_percent == 0


def more_provisional(minute: int) -> Event:
    return an.result("r3", 90, attempt="1", final=False, minute=minute)


@pytest.mark.parametrize(
    ("releases", "passed"),
    [
        ([], False),
        ([more.released("x", minute=4)], False),  # before the result
        ([more.released("x", minute=5)], True),
        ([more.released("x", "exam", minute=9)], True),
        ([more.released("x", "tma", minute=9)], False),
        ([more.all_released("x", minute=9)], True),
        ([more.all_released("x", "tma", minute=9)], False),
    ],
)
def test_results_wait_for_their_release_where_the_policy_says_so(releases: list[Event], passed: bool) -> None:  # noqa: FBT001 - a column
    for order in (1, -1):
        events = [more.offering(awaits_release=True), an.result("r", 60, minute=5), *releases][::order]
        found = shown(*events)
        assert found.passed is passed
        assert found.components[0].tries[0].state == ("counts" if passed else "not released")


@pytest.mark.parametrize(
    ("checks", "passed"),
    [
        ([], False),
        ([more.checked("c", "1")], True),
        ([more.checked("c", "2")], False),
        ([more.checked("c", "1", verified=False)], False),
        ([more.checked("c", "1"), more.checked("d", "1", verified=False, minute=1)], False),
        ([more.checked("d", "1", minute=1), more.checked("c", "1", verified=False)], True),
        ([more.checked("c", "1", component="tma")], False),
        ([more.checked("c", None, minute=9)], True),
        ([more.checked("c", None)], True),  # before anything was handed in: about what comes first
        ([more.checked("c", component=None)], False),  # of the account: it says nothing about this attempt
        ([more.checked("c", "1"), an.voided("c")], False),
    ],
)
def test_identity_is_bound_to_the_attempt(checks: list[Event], passed: bool) -> None:  # noqa: FBT001 - a column
    exam = {"id": "exam", "weight": 1, "identity": True}
    found = shown(more.offering(exam), an.result("r", 60, attempt="1", minute=5), *checks)
    assert found.passed is passed
    assert found.components[0].tries[0].state == ("counts" if passed else "identity not verified")


def test_a_check_that_names_no_attempt_is_about_one_and_not_about_the_next() -> None:
    exam = {"id": "exam", "weight": 1, "identity": True}
    first, second = an.result("r1", 30, minute=1), an.result("r2", 90, minute=9)
    found = shown(more.offering(exam), first, second, more.checked("c", minute=5))
    assert [each.state for each in found.components[0].tries] == ["counts", "identity not verified"]
    assert found.grade_percent == 30


RECOGNISED = [more.recognised("x", "b"), *marked(a=60)]


@pytest.mark.parametrize(
    ("rule", "grade", "state"),
    [
        (None, 30, "contributes"),
        ({"effect": "contribute", "percent": 40}, 50, "contributes"),
        ({"effect": "excuse"}, 60, "excused"),
        ({"effect": "excuse", "most_percent": 30}, 30, "beyond the share"),
        ({"effect": "excuse", "most_percent": 50}, 60, "excused"),
    ],
)
def test_what_recognition_does_to_the_grade(rule: dict[str, Any] | None, grade: float, state: str) -> None:
    offering = more.offering({"id": "a", "weight": 1}, {"id": "b", "weight": 1}, recognition=rule)
    found = shown(offering, *RECOGNISED)
    assert (found.grade_percent, found.components[1].recognised) == (grade, state)


def test_recognition_is_never_a_pass_by_itself() -> None:
    rule = {"effect": "contribute", "percent": 100}
    for recognised in (more.recognised("x", None), an.result("banked", 100, carried_over=True)):
        found = shown(more.offering(recognition=rule), recognised)
        assert (found.grade_percent, found.passed) == (100, False)
        assert "Recognition alone is no pass: nothing that has a weight was shown here." in found.reasons
    assert not shown(more.offering(recognition={"effect": "excuse"}), more.recognised("x", None)).passed


def test_a_pass_says_what_of_it_was_recognised() -> None:
    offering = more.offering({"id": "a", "weight": 1}, {"id": "b", "weight": 1}, recognition={"effect": "excuse"})
    evidence = {"url": "https://ou.example/transcript"}
    recognised = more.recognised("x", "b", evidence=[evidence])
    (passed,) = Learner().fold(an.enrolled(), offering, recognised, *marked(a=60)).passed
    a, b = passed.components
    assert ((a.score_percent, a.recognised), (b.score_percent, b.recognised)) == ((60, None), (None, True))
    assert [str(each.url) for each in passed.evidence] == [evidence["url"]]


def test_a_mark_of_ones_own_comes_before_what_is_recognised() -> None:
    offering = more.offering({"id": "a", "weight": 1}, {"id": "b", "weight": 1}, recognition={"effect": "excuse"})
    found = shown(offering, *RECOGNISED, *marked(b=0))
    assert (found.grade_percent, found.components[1].recognised) == (30, None)


def test_what_has_to_be_shown_here_is_not_recognised() -> None:
    final = {"id": "b", "weight": 1, "recognisable": False}
    found = shown(more.offering({"id": "a", "weight": 1}, final, recognition={"effect": "excuse"}), *RECOGNISED)
    assert (found.grade_percent, found.components[1].recognised) == (30, "not recognisable")


def test_the_platform_decides_where_the_policy_says_so() -> None:
    offering = more.offering(decided_by="platform")
    assert not shown(offering, an.result("r", 100)).passed
    assert shown(offering, more.verdict("v", passed=True)).passed
    later = more.verdict("w", passed=False, minute=1)
    assert not shown(offering, later, more.verdict("v", passed=True)).passed
    assert shown(offering, later, more.verdict("v", passed=True), an.voided("w")).passed
    noted = shown(more.offering(), more.verdict("v", passed=True))
    assert (noted.passed, noted.platform_verdict) == (False, True)
    assert noted.reasons[-1] == "The platform says a pass, which is noted and does not decide."


def test_a_passing_status_that_only_comes_again_brings_no_revoked_certificate_back() -> None:
    status = [more.verdict(f"s{minute}", passed=True, minute=minute, by="passing status") for minute in (1, 3)]
    revoked = more.verdict("c", passed=False, minute=2, by="certificate")
    offering = more.offering(decided_by="platform")
    learner = Learner().fold(offering, an.enrolled(), status[0], revoked, status[1])
    assert [type(event).__name__ for event in learner.passes] == ["LearnerPassed", "PassWithdrawn"]
    for order in permutations([*status, revoked]):
        assert not shown(offering, *order).passed
    failed = more.verdict("f", passed=False, minute=4, by="passing status")
    edge = more.verdict("s5", passed=True, minute=5, by="passing status")
    assert shown(offering, *status, revoked, failed, edge).passed
    assert shown(offering, *status, revoked, more.verdict("anew", passed=True, minute=4, by="certificate")).passed
    assert shown(offering, *status, revoked, more.verdict("said", passed=True, minute=4)).passed


def test_a_verdict_of_before_is_stored_as_ever() -> None:
    learner = Learner().fold(an.enrolled(), more.verdict("v", passed=True))
    assert learner.progress.around is not None
    assert text_of(learner.progress.around) == '[[],[["v",1772323200000000,true]],[],[],[],[],[],[],null,0,false]'


def test_a_verdict_needs_the_release_and_the_identity_that_the_policy_asks_for() -> None:
    exam = {"id": "exam", "weight": 1, "identity": True}
    offering = more.offering(exam, decided_by="platform", awaits_release=True)
    said = more.verdict("v", passed=True)
    assert not shown(offering, said, more.released("x")).passed
    assert not shown(offering, said, more.checked("c", "1")).passed
    assert shown(offering, said, more.checked("c", "1"), more.released("x")).passed


def test_grades_have_names() -> None:
    bands = [{"name": "Merit", "starts_at": 60}, {"name": "Pass", "starts_at": 40}, {"name": "First", "starts_at": 70}]
    offering = more.offering(bands=bands)
    assert [shown(offering, an.result("r", mark)).band for mark in (39, 40, 60, 69.9, 70)] == [
        None,
        "Pass",
        "Merit",
        "Merit",
        "First",
    ]
    assert Learner().fold(offering, an.enrolled(), an.result("r", 60)).passed[0].band == "Merit"
