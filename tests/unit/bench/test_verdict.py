"""A bench must not say more than was measured."""

from dataclasses import replace

import pytest

from bench.report import Surroundings
from bench.verdict import Figure, lines

FAST = Figure("engine", 10_000.0, "events/s", 10_000)
QUICK = Figure("latency", 500.0, "ms p99", 500, at_least=False)


@pytest.mark.parametrize(
    ("figure", "line"),
    [
        (FAST, "engine: 10000 events/s (goal 10000): reached"),
        (replace(FAST, value=9_999.99), "engine: 9999 events/s (goal 10000): short"),
        (QUICK, "latency: 500 ms p99 (goal 500): reached"),
        (replace(QUICK, value=500.01), "latency: 501 ms p99 (goal 500): short"),
        (replace(QUICK, value=12.31, digits=1), "latency: 12.4 ms p99 (goal 500): reached"),
    ],
)
def test_nothing_is_rounded_towards_the_goal(figure, line):
    assert lines([figure], whole=True) == [line]


def test_less_than_the_whole_load_is_short_whatever_the_figure():
    assert lines([replace(FAST, value=50_000)], whole=False) == ["engine: 50000 events/s (goal 10000): short"]


def test_the_own_figure_is_reached_only_together_with_the_others():
    ratio = Figure("engine ratio", 1.999, "times", 2, digits=2)
    assert lines([ratio, FAST], whole=True) == [
        "engine ratio: 1.99 times (goal 2): short",
        "engine: 10000 events/s (goal 10000): short",
    ]


@pytest.mark.parametrize(("runs", "events", "whole"), [(5, 100, True), (6, 200, True), (4, 100, False), (5, 99, False)])
def test_the_whole_load_is_every_part_of_it(runs, events, whole):
    wanted = {"runs": 5, "events": 100}
    assert Surroundings({}, {}, {}, {"runs": runs, "events": events}, wanted).whole is whole
