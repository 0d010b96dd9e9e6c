"""The counters that the kit keeps, summed to a funnel."""

from services.analytics.domain import Counts, View
from services.analytics.projections.funnel import funnel
from services.analytics.store import Funnels
from shared.testing.memory import MemoryStore
from tests.unit.analytics.app import counter


def test_partitions_are_summed_and_missing_stages_count_nothing() -> None:
    counters = [counter("a", "2026-01", 0, enrolled=2, passed=1), counter("a", "2026-01", 7, enrolled=3, left=1)]

    rows = funnel("offering", counters, {}).rows

    assert [(row.key, row.counts) for row in rows] == [("a", Counts(enrolled=5, passed=1, left=1))]


def test_rows_are_offerings_or_months() -> None:
    counters = [counter("b", "2026-01", enrolled=1), counter("a", "2026-02", enrolled=2)]

    assert [row.key for row in funnel("offering", counters, {}).rows] == ["a", "b"]
    assert [row.key for row in funnel("month", counters, {}).rows] == ["2026-01", "2026-02"]


def test_the_total_is_that_of_all_rows_with_its_own_rates() -> None:
    total = funnel("month", [counter("a", "2026-01", enrolled=3, passed=1), counter("a", "2026-02", enrolled=1)], {})

    assert total.total.counts == Counts(enrolled=4, passed=1)
    assert total.total.rates.passed_of_enrolled == 0.25


def test_a_counter_that_went_back_to_nothing_is_no_row() -> None:
    assert funnel("month", [counter("a", "2026-02", enrolled=0)], {}).rows == ()


def test_offerings_that_share_a_title_are_told_apart() -> None:
    counters = [counter(offering, "2026-01", enrolled=1) for offering in ("a", "b", "c")]

    rows = funnel("offering", counters, {"a": "Law", "b": "Law", "c": "Art"}).rows

    assert [row.title for row in rows] == ["Law (a)", "Law (b)", "Art"]


async def test_reading_keeps_to_tenant_offering_and_period() -> None:
    store = MemoryStore()
    for each in (
        counter("a", "2026-01", enrolled=1),
        counter("a", "2026-02", enrolled=10),
        counter("a", "2026-03", enrolled=100),
        counter("b", "2026-02", enrolled=1_000),
        counter("a", "2026-02", tenant="other", enrolled=10_000),
    ):
        store.put("funnel", each)

    read = await Funnels(store).read("ou", View(by="month", offering="a", since="2026-02", until="2026-03"))

    assert [(row.key, row.counts.enrolled) for row in read.rows] == [("2026-02", 10), ("2026-03", 100)]


async def test_more_counters_than_one_page_are_all_read() -> None:
    store = MemoryStore()
    for number in range(2_001):
        store.put("funnel", counter(f"offering-{number:04}", "2026-01", enrolled=1))

    assert (await Funnels(store).read("ou", View())).total.counts.enrolled == 2_001
