"""Which attempt a check of identity is about."""

from services.assessment.domain import Attempt
from services.assessment.facts.circumstances import Check
from services.assessment.facts.tries import Try
from services.assessment.grading.checks import verified


def attempt(id_: str, time: int, name: str | None = None) -> Try:
    """Return an attempt that was handed in at this time."""
    return Try(Attempt(id_, "exam", time, 80.0, 100.0), name, time, True, False, (id_,))


def check(time: int, *, named: str | None = None, verified: bool = True) -> Check:
    """Return a check of who sat the exam."""
    return Check(f"check at {time}", time, "exam", named, verified)


FIRST, SECOND, THIRD = attempt("first", 10), attempt("second", 20), attempt("third", 30)


def test_a_check_that_names_no_attempt_is_about_the_last_one_handed_in_by_then():
    assert verified([FIRST, SECOND, THIRD], [check(25)]) == {"second"}


def test_a_check_at_the_very_moment_is_about_what_was_handed_in_then():
    assert verified([FIRST, SECOND, THIRD], [check(20)]) == {"second"}


def test_a_check_before_all_attempts_is_about_the_first():
    assert verified([FIRST, SECOND], [check(5)]) == {"first"}


def test_a_check_is_about_the_attempt_that_it_names_whenever_it_comes():
    named = [attempt("first", 10, "try 1"), attempt("second", 20, "try 2")]
    assert verified(named, [check(25, named="try 1")]) == {"first"}
    assert verified(named, [check(25, named="try 3")]) == set()


def test_the_latest_word_about_an_attempt_stands():
    assert verified([FIRST], [check(12), check(15, verified=False)]) == set()
    assert verified([FIRST], [check(15, verified=False), check(16)]) == {"first"}


def test_each_attempt_has_checks_of_its_own():
    assert verified([FIRST, SECOND], [check(12, verified=False), check(22)]) == {"second"}


def test_without_an_attempt_there_is_nothing_to_verify():
    assert verified([], [check(5)]) == set()
