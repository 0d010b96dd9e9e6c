"""New Zealand's micro-credentials, trap by trap."""

from datetime import date
from typing import Any

import pytest

from services.enrolment.frameworks.checking import checked
from services.enrolment.frameworks.rules import rule_sets
from tests.unit.enrolment.frameworks.definitions import finding, held, nz, offering, rules_of


def test_an_offering_that_says_all_that_new_zealand_lists_has_no_findings() -> None:
    assert held("nzqa@current", **nz()).findings == ()


@pytest.mark.parametrize(("code", "found"), [("020113", False), ("0201", True), ("02011X", True), (None, True)])
def test_a_nzsced_code_has_six_digits(code: str | None, *, found: bool) -> None:
    assert ("NZQA-6.1-nzsced" in rules_of(held("nzqa@current", **nz(code=code)))) is found


@pytest.mark.parametrize(
    ("credits_", "current", "earlier"),
    [(1, False, True), (4, False, True), (5, False, False), (40, False, False), (41, True, True)],
)
def test_up_to_40_credits_now_and_5_to_40_then(credits_: int, *, current: bool, earlier: bool) -> None:
    changed = nz({"credits": {"available": credits_, "unit": "NZ"}, "notional_hours": credits_ * 10})
    assert ("NZQA-size" in rules_of(held("nzqa@current", **changed))) is current
    assert ("NZQA-size" in rules_of(held("nzqa@2018", **changed))) is earlier


def test_a_credit_stands_for_ten_hours() -> None:
    told = finding(held("nzqa@current", **nz({"notional_hours": 125})), "NZQA-3-hours")
    assert told.found[0] == ("achievement.notional_hours", "10 credits stand for 100 hours")


@pytest.mark.parametrize(
    ("today", "found"), [("2028-01-31", False), ("2028-02-01", False), ("2028-02-02", True), (None, False)]
)
def test_a_review_that_is_overdue_is_told(today: str | None, *, found: bool) -> None:
    terms = {"review_on": "2028-02-01"}
    day = None if today is None else date.fromisoformat(today)
    result = checked(offering(**nz(), terms=terms), [rule_sets()["nzqa@current"]], day)
    assert ("NZQA-14.4-review" in rules_of(result, "recommended")) is found
    if found:
        told = finding(result, "NZQA-14.4-review")
        assert told.found[0] == ("terms.review_on", "2028-02-01")


@pytest.mark.parametrize(("level", "found"), [("1", False), ("10", False), ("11", True), ("0", True)])
def test_a_level_is_1_to_10(level: str, *, found: bool) -> None:
    changed = nz({"level": {"framework": "NZQF", "level": level, "url": "https://nzqf.example/x"}})
    assert ("NZQA-level" in rules_of(held("nzqa@current", **changed))) is found


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Diploma in Knots", True),
        ("Master Boatbuilding", True),
        ("National Safety", True),
        ("Sailing in new zealand waters", True),
        ("Postgraduate Rigging", True),
        ("Diplomas in Knots", True),
        ("Degrees of Freedom", True),
        ("Bachelor's Knots", True),
        ("Doctors and Ships", True),
        ("A Doctorate in Rigging", True),
        ("Post graduate Rigging", True),
        ("Under graduate Rigging", True),
        ("Mastery of Knots", False),
        ("International Signals", False),
        ("Doctoring Engines", False),
    ],
)
def test_words_of_qualifications_in_a_title_are_warned_of(title: str, *, found: bool) -> None:
    result = held("nzqa@current", **nz({"name": title}))
    assert ("NZQA-6.2-title" in rules_of(result, "recommended")) is found
    assert "NZQA-6.2-title" not in rules_of(result, "required")


def test_a_warning_may_be_set_aside_with_a_reason_that_stays_to_be_seen() -> None:
    override = {"rule": "nzqa@current/NZQA-6.2-title", "reason": "National Grid is a network, not a qualification."}
    result = held("nzqa@current", **nz({"name": "National Grid"}, {"overrides": [override]}))
    told = finding(result, "NZQA-6.2-title")
    assert (told.severity, told.overridden) == ("note", override["reason"])


def test_what_is_required_cannot_be_set_aside() -> None:
    override = {"rule": "nzqa@current/NZQA-6.1-nzsced", "reason": "We have none."}
    told = finding(held("nzqa@current", **nz(standing={"overrides": [override]}, code="1")), "NZQA-6.1-nzsced")
    assert (told.severity, told.overridden) == ("required", None)


def test_the_name_of_an_institution_in_a_title_is_warned_of() -> None:
    told = finding(held("nzqa@current", **nz({"name": "Kea Institute Knots"})), "NZQA-6.2-names")
    assert (told.severity, told.path) == ("recommended", "achievement.name")
    assert "Kea Institute" in told.found[0].value


@pytest.mark.parametrize(
    ("months", "rule"), [(6, "NZQA-14.4-period"), (48, "NZQA-14.4-period"), (None, "NZQA-6.1-review")]
)
def test_a_review_period_is_named_and_usually_one_to_three_years(months: int | None, rule: str) -> None:
    assert rules_of(held("nzqa@current", **nz(review_months=months))) == {rule}


def test_the_earlier_scheme_wanted_a_yearly_review_and_no_duplication() -> None:
    assert rules_of(held("nzqa@2018", **nz())) == {"NZQA-duplicates", "NZQA-annual"}
    assert held("nzqa@2018", **nz(duplicates=False, review_months=12)).findings == ()
    assert "NZQA-duplicates" in rules_of(held("nzqa@2018", **nz(duplicates=True, review_months=12)))


LISTED, APPROVED = {"kind": "listing", "on": "2026-02-01"}, {"kind": "approval", "on": "2026-03-01"}


@pytest.mark.parametrize(
    ("kind", "acts", "found"),
    [
        ("university", [LISTED, APPROVED], set()),
        ("university", [APPROVED], {"NZQA-14.5-order"}),
        ("university", [{**LISTED, "on": "2026-04-01"}, APPROVED], {"NZQA-14.5-order"}),
        ("tertiary", [APPROVED], set()),
        ("standard-setting-body", [LISTED, APPROVED], set()),
        ("standard-setting-body", [{"kind": "accreditation", "on": "2026-03-01"}], {"NZQA-deliver"}),
    ],
)
def test_listing_approval_and_accreditation_are_three_acts(kind: str, acts: list[Any], found: set[str]) -> None:
    assert rules_of(held("nzqa@current", **nz(standing={"provider_kind": kind}, acts=acts))) == found
