"""A rate is never shown without its denominator."""

from datetime import datetime

from services.analytics.domain import RATES, STAGES, Counts, month_of


def test_every_rate_names_two_stages() -> None:
    for name in RATES:
        part, whole = name.split("_of_")
        assert {part, whole} <= set(STAGES)


def test_rates_are_shares_of_their_denominator() -> None:
    rates = Counts(enrolled=200, assessed=150, passed=100, issued=99, left=50).rates

    assert rates.assessed_of_enrolled == 0.75
    assert rates.passed_of_enrolled == 0.5
    assert rates.passed_of_assessed == 0.6667
    assert rates.issued_of_passed == 0.99
    assert rates.left_of_enrolled == 0.25


def test_a_share_of_nobody_is_no_number() -> None:
    rates = Counts(enrolled=3).rates

    assert rates.passed_of_enrolled == 0
    assert rates.passed_of_assessed is None
    assert rates.issued_of_passed is None


def test_a_stage_that_a_counter_does_not_hold_counts_nothing() -> None:
    assert Counts.of({"_id": "x", "tenant": "ou", "passed": 2}) == Counts(passed=2)


def test_the_month_is_that_of_utc() -> None:
    assert month_of(datetime.fromisoformat("2026-02-01T00:30:00+01:00")) == "2026-01"
