"""Credit is added in its own unit only, converted once along a named path, and never back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.credit import (
    ECTS,
    HOURS,
    NZ,
    PATHS,
    UK,
    ConvertedAlready,
    Credit,
    MixedUnits,
    PathUnfit,
    PathUnknown,
    awarded,
    total,
    unit_named,
    views_of,
)

AMOUNTS = st.decimals(0, 10_000, places=2)
UNITS = st.sampled_from([ECTS, UK, NZ, "US", HOURS, "credits of our own"])
CREDITS = st.builds(Credit, AMOUNTS, UNITS)


@pytest.mark.parametrize(
    ("hours", "tenths", "by_25", "by_30", "by_uk"),
    [
        (100, "10", "4.00", "3.33", "5.0"),
        (150, "15", "6.00", "5.00", "7.5"),
        (156, "15.6", "6.24", "5.20", "7.8"),
    ],
)
def test_the_published_table(hours: int, tenths: str, by_25: str, by_30: str, by_uk: str) -> None:
    size = awarded(hours, "hours")
    in_uk = size.along("hours/10 UK")
    assert in_uk.amount == size.along("hours/10 NZ").amount == Decimal(tenths)
    assert size.along("hours/25").rounded() == Decimal(by_25)
    assert size.along("hours/30").rounded() == Decimal(by_30)
    assert awarded(in_uk.amount, "UK CATS").along("UK/2").amount == Decimal(by_uk)


def test_ten_to_fifteen_uk_credits_are_four_to_six_ects_by_hours_and_not_by_halves() -> None:
    by_hours = [awarded(hours, HOURS).along("hours/25").amount for hours in (100, 150)]
    by_halves = [awarded(points, UK).along("UK/2").amount for points in (10, 15)]
    assert by_hours == [4, 6]
    assert by_halves == [5, Decimal("7.5")]


@given(CREDITS, CREDITS)
def test_two_units_are_never_one_sum(one: Credit, other: Credit) -> None:
    if one.unit == other.unit:
        assert (one + other).amount == one.amount + other.amount
        return
    with pytest.raises(MixedUnits) as refused:
        _ = one + other
    assert one.unit in str(refused.value)
    assert other.unit in str(refused.value)


@given(AMOUNTS, st.sampled_from(sorted(PATHS)), st.sampled_from(sorted(PATHS)))
def test_what_was_converted_is_not_converted_again(amount: Decimal, first: str, second: str) -> None:
    converted = Credit(amount, PATHS[first].origin).along(first)
    assert converted.via == (first,)
    with pytest.raises(ConvertedAlready, match="what was awarded"):
        converted.along(second)


@given(CREDITS, st.sampled_from(sorted(PATHS)))
def test_a_path_begins_at_its_own_unit(credit: Credit, path: str) -> None:
    if PATHS[path].origin == credit.unit:
        assert credit.along(path).unit == PATHS[path].unit
    else:
        with pytest.raises(PathUnfit):
            credit.along(path)


@given(AMOUNTS, AMOUNTS, st.sampled_from(sorted(PATHS)))
def test_more_stays_more_and_parts_make_the_whole(one: Decimal, other: Decimal, path: str) -> None:
    unit = PATHS[path].origin
    parts = Credit(one, unit).along(path) + Credit(other, unit).along(path)
    whole = (Credit(one, unit) + Credit(other, unit)).along(path)
    assert abs(parts.amount - whole.amount) < Decimal("1e-20")
    assert parts.via == (path,)
    assert (Credit(one, unit).along(path).amount < Credit(other, unit).along(path).amount) == (one < other)


@given(st.lists(st.builds(Credit, AMOUNTS, st.just(ECTS)), max_size=8), st.randoms(use_true_random=False))
def test_a_sum_has_no_order(held: list[Credit], chance: object) -> None:
    shuffled = sorted(held, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert total(held) == total(shuffled)


def test_a_sum_says_along_which_paths_it_came() -> None:
    mixed = awarded(100, HOURS).along("hours/25") + awarded(10, UK).along("UK/2")
    assert mixed.via == ("hours/25", "UK/2")
    assert total([]) is None


def test_floats_become_the_decimals_that_they_show() -> None:
    assert awarded(0.1, "ECTS").amount + awarded(0.2, "ECTS").amount == Decimal("0.3")


def test_an_unknown_unit_stands_for_itself_and_an_unknown_path_names_those_that_there_are() -> None:
    assert unit_named("  uk   CATS ") == UK
    assert unit_named("Kreditpunkte") == "Kreditpunkte"
    assert views_of(awarded(3, "Kreditpunkte")) == []
    with pytest.raises(PathUnknown, match="hours/25"):
        awarded(3, "ECTS").along("ECTS/1.5")


def test_every_view_of_an_amount_names_its_path() -> None:
    assert {each.via for each in views_of(awarded(150, "hours"))} == {
        ("hours/25",),
        ("hours/30",),
        ("hours/10 UK",),
        ("hours/10 NZ",),
    }
