from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest

from services.assessment.domain import Attempt, Component, Policy, grade, percent, scores

Rule = Literal["best", "last", "mean"]
MINUTE = 60_000_000


def policy(weights: dict[str, str], *, mark: str = "40", attempts: Rule = "best") -> Policy:
    components = tuple(Component(name, Decimal(weight)) for name, weight in weights.items())
    return Policy("0123456789ab", components, Decimal(mark), attempts)


def attempt(component: str, score: float | None, *, maximum: float = 100.0, minute: int = 0, id_: str = "a") -> Attempt:
    return Attempt(id_, component, minute * MINUTE, score, maximum)


@pytest.mark.parametrize(
    ("weights", "attempts", "expected"),
    [
        ({"exam": "1"}, [], Fraction(0)),
        ({"exam": "1"}, [attempt("exam", 73.5)], Fraction("73.5")),
        ({"exam": "1"}, [attempt("exam", None)], Fraction(0)),
        ({"exam": "1"}, [attempt("essay", 90)], Fraction(0)),
        ({"tma": "40", "exam": "60"}, [attempt("tma", 82)], Fraction("32.8")),
        ({"tma": "40", "exam": "60"}, [attempt("tma", 82), attempt("exam", 50)], Fraction("62.8")),
        ({"quiz": "0", "exam": "1"}, [attempt("quiz", 100), attempt("exam", 50)], Fraction(50)),
        ({"a": "7.5", "b": "12.25"}, [attempt("a", 100)], Fraction(750, 1975) * 100),
        ({"a": "1e-3", "b": "1"}, [attempt("a", 100)], Fraction(100, 1001)),
        ({"exam": "1"}, [attempt("exam", 12, maximum=30)], Fraction(40)),
    ],
)
def test_a_grade_is_the_weighted_mean_and_what_is_missing_counts_nothing(
    weights: dict[str, str], attempts: list[Attempt], expected: Fraction
) -> None:
    graded = policy(weights)
    assert Fraction(*grade(graded, scores(graded, attempts))) == expected


@pytest.mark.parametrize(("rule", "expected"), [("best", Fraction(90)), ("last", Fraction(30)), ("mean", Fraction(50))])
def test_the_policy_says_which_attempts_count(rule: Rule, expected: Fraction) -> None:
    tries = [
        attempt("exam", 30, minute=3, id_="third"),
        attempt("exam", 90, minute=1, id_="first"),
        attempt("exam", 30, minute=2, id_="second"),
    ]
    assert Fraction(*scores(policy({"exam": "1"}, attempts=rule), tries)["exam"]) == expected


def test_of_two_attempts_at_one_time_the_greater_id_is_the_last() -> None:
    tries = [attempt("exam", 80, id_="b"), attempt("exam", 20, id_="a")]
    counted = policy({"exam": "1"}, attempts="last")
    assert scores(counted, tries) == scores(counted, tries[::-1]) == {"exam": (80, 1)}


@pytest.mark.parametrize(
    ("marks", "mark", "met"),
    [
        ([(39.999, 100)], "40", False),
        ([(40.0, 100)], "40", True),
        ([(39.99999999999999, 100)], "40", False),
        ([(0.1, 1), (0.7, 1)], "40", True),  # as binary floating point this is 39.99999999999999
        ([(10, 30), (10, 30), (25, 30)], "50", True),  # thirds, which no decimal number holds
        ([(10, 30), (10, 30), (24.999999, 30)], "50", False),
        ([(0, 100)], "0", True),
        ([(100, 100)], "100", True),
    ],
)
def test_no_rounding_decides_about_a_pass(marks: list[tuple[float, float]], mark: str, met: bool) -> None:  # noqa: FBT001 - a column
    names = [f"part-{number}" for number in range(len(marks))]
    graded = policy(dict.fromkeys(names, "1"), mark=mark)
    attempts = [attempt(name, score, maximum=full) for name, (score, full) in zip(names, marks, strict=True)]
    assert graded.met_by(grade(graded, scores(graded, attempts))) is met


def test_a_percentage_is_that_of_the_decimal_numbers_on_the_wire() -> None:
    assert percent(0.1, 1.0) == (10, 1)
    assert percent(1.0, 3.0) == (100, 3)
