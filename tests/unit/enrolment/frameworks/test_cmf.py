"""The Common Microcredential Framework, trap by trap: what it asks is found where it is missing, and nowhere else."""

from typing import Any

import pytest

from tests.unit.enrolment.frameworks.definitions import Definition, finding, held, rules_of

CMF: Definition = {
    "achievement": {
        "outcomes": [{"id": "a", "title": "A", "assessed_by": ["exam"]}],
        "notional_hours": 150,
        "credits": {"available": 15, "unit": "UK CATS"},
        "level": {"level": "7"},
    },
    "learning": {"assessing": {"summative": True, "identity": "assessment"}},
    "standing": {
        "credit_route": "rpl",
        "transcript": ["learning-outcomes", "study-hours", "level", "credits"],
        "counts_towards": [{"programme": "MSc Data"}],
    },
}


def cmf(**changed: Any) -> Definition:
    """Return what meets the framework, with members of achievement, learning or standing set."""
    return {part: {**CMF[part], **changed.get(part, {})} for part in CMF}


@pytest.mark.parametrize("version", ["cmf@2019", "cmf@current"])
def test_an_offering_that_says_all_that_the_common_framework_asks_has_no_findings(version: str) -> None:
    assert held(version, **cmf()).findings == ()


@pytest.mark.parametrize(("hours", "found"), [(99.5, True), (100, False), (150, False), (150.5, True), (156, True)])
def test_study_time_is_100_to_150_hours(hours: float, *, found: bool) -> None:
    result = held("cmf@current", **cmf(achievement={"notional_hours": hours}))
    assert ("CMF-1" in rules_of(result)) is found


def test_twelve_weeks_of_thirteen_hours_are_advertised_and_150_are_notional() -> None:
    effort = {"weeks": 12, "hours_per_week": 13}
    result = held("cmf@current", **cmf(learning={"effort": effort}))
    assert rules_of(result, "required", "recommended") == set()
    told = finding(result, "CMF-1-effort")
    assert (told.severity, told.path) == ("note", "learning.effort")
    assert told.found[0].value == 156


def test_advertised_effort_does_not_stand_in_for_notional_hours() -> None:
    learning = {"effort": {"weeks": 10, "hours_per_week": 12}}
    result = held("cmf@current", **cmf(achievement={"notional_hours": None}, learning=learning))
    told = finding(result, "CMF-1")
    assert (told.path, told.found[0].value, told.severity) == ("achievement.notional_hours", None, "required")


@pytest.mark.parametrize(
    ("version", "level", "conformant", "found"),
    [
        ("cmf@2019", "6", None, False),
        ("cmf@2019", "7", None, False),
        ("cmf@2019", "5", True, True),
        ("cmf@2019", "8", None, True),
        ("cmf@current", "6", None, False),
        ("cmf@current", "5", True, False),
        ("cmf@current", "4", True, False),
        ("cmf@current", "5", False, True),
        ("cmf@current", "5", None, True),
        ("cmf@current", "3", True, True),
        ("cmf@current", "8", True, True),
    ],
)
def test_level_6_or_7_and_since_then_4_or_5_with_ects(
    version: str, level: str, conformant: Any, *, found: bool
) -> None:
    changed = cmf(achievement={"level": {"level": level}}, standing={"ects_conformant": conformant})
    assert ("CMF-2" in rules_of(held(version, **changed))) is found


def test_a_level_of_another_framework_is_not_taken_for_one_of_the_eqf() -> None:
    level = {"framework": "NZQF", "level": "7", "url": "https://nzqf.example/7"}
    told = finding(held("cmf@current", **cmf(achievement={"level": level})), "CMF-2")
    assert told.path == "achievement.level"
    assert told.found[0].value == level


@pytest.mark.parametrize(
    ("part", "changed", "rule"),
    [
        ("learning", {"assessing": {"summative": False, "identity": "assessment"}}, "CMF-3"),
        ("standing", {"credit_route": None}, "CMF-3"),
        ("learning", {"assessing": {"summative": True, "identity": "enrolment"}}, "CMF-4"),
        ("learning", {"assessing": {"summative": True}}, "CMF-4"),
        ("standing", {"transcript": ["learning-outcomes", "level", "credits"]}, "CMF-5"),
        ("achievement", {"outcomes": []}, "CMF-5-content"),
        ("standing", {"counts_towards": []}, "CMF-7"),
    ],
)
def test_each_rule_of_the_common_framework_is_found_alone(part: str, changed: Definition, rule: str) -> None:
    assert rules_of(held("cmf@current", **cmf(**{part: changed}))) == {rule}


@pytest.mark.parametrize(
    ("available", "unit", "found"),
    [
        (10, "UK CATS", False),
        (15, "UK", False),
        (15.5, "UK", True),
        (4, "ECTS", False),
        (6, "ECTS", False),
        (7.5, "ECTS", True),
        (2, "US", False),
        (15, "NZ", True),
        (15, "points of our own", True),
    ],
)
def test_credit_is_held_against_its_own_unit_and_never_converted(available: float, unit: str, *, found: bool) -> None:
    # 15 UK credits fit, and 7.5 ECTS, which they are by UK/2, do not: the framework means hours/25.
    changed = cmf(achievement={"credits": {"available": available, "unit": unit}})
    result = held("cmf@current", **changed)
    assert ("CMF-6" in rules_of(result)) is found
    assert "CMF-6" not in rules_of(held("cmf@2019", **changed))
    if found:
        assert finding(result, "CMF-6").found[0].value == {"available": available, "unit": unit}
