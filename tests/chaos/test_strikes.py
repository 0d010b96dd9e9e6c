"""The promises of time: what breaks them is told, and by which run the kept results are written."""

from argparse import Namespace
from typing import Any

import pytest

from tests.chaos.__main__ import results_of
from tests.chaos.run import Outcome
from tests.chaos.strikes import LAG_GOAL_S, Resumption, Strike
from tests.chaos.table import LAST_PART, RESULTS, verdict_holds

KILL: dict[str, Any] = {"fault": "kill -9", "service": "counting", "weight": 1, "kills": True}


@pytest.mark.parametrize(
    ("seconds", "late"),
    [
        (LAG_GOAL_S, []),
        (0.1, []),
        (LAG_GOAL_S + 0.1, ["counting: kill -9: folded again after 30.1 s, not within 30"]),
    ],
)
def test_a_promise_that_is_not_kept_is_told_and_the_run_does_not_hold(seconds: float, late: list[str]):
    outcome = Outcome()
    outcome.note(Strike(**KILL, seconds=seconds, served_s=9.0))
    assert (outcome.broken, outcome.late) == ([], late)
    assert verdict_holds(outcome, []) is not bool(late)


def test_a_partition_is_served_when_it_moves_and_the_last_one_counts():
    seen = Resumption({("t", 0): 5, ("t", 1): 7}, struck=100.0)
    assert (seen.whole, seen.seconds) == (False, None)
    seen.see({("t", 0): 5, ("t", 1): 8, ("t", 2): 9}, 103.0)
    assert not seen.whole
    seen.see({}, 104.0)  # the database is away
    seen.see({("t", 0): 6, ("t", 1): 9}, 106.5)
    assert (seen.whole, seen.seconds) == (True, 6.5)


def test_where_nothing_waits_there_is_nothing_to_show():
    seen = Resumption({}, struck=100.0)
    assert (seen.whole, seen.seconds) == (True, None)


@pytest.mark.parametrize("part", [{"short": True}, {"minutes": 1.0}, {"service": ["counting"]}])
def test_only_the_whole_matrix_writes_the_results_that_are_kept(part: dict[str, Any]):
    whole: dict[str, Any] = {"short": False, "minutes": None, "service": None}
    assert results_of(Namespace(**whole)) == RESULTS
    assert results_of(Namespace(**(whole | part))) == LAST_PART
