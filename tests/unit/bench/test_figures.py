"""How figures come from what was measured."""

import pytest

from bench.cohorts import COHORT, LEARNERS, Truth, events
from bench.contenders.spec import Mark, Run
from bench.memory import growth
from bench.samples import percentile

MIB = 2**20


def test_a_percentile_is_a_value_that_was_measured():
    values = [float(number) for number in range(200, 0, -1)]
    assert [percentile(values, share) for share in (0.5, 0.99, 1.0)] == [100.0, 198.0, 200.0]


def test_the_rate_leaves_out_the_first_chunk_whose_beginning_nobody_saw():
    run = Run((Mark(10.0, 100, 1.0, 0), Mark(10.5, 600, 1.2, 0), Mark(11.0, 1100, 1.5, 0)))
    assert run.rate == 1000.0
    assert run.cpu_us == pytest.approx(500.0)


def test_growth_is_from_the_second_tenth_to_the_last():
    marks = [Mark(number, number * 10, 0.0, (50 + number) * MIB) for number in range(1, 101)]
    assert growth(Run(tuple(marks))) == pytest.approx(80.0)


def test_a_leak_of_thirty_bytes_an_event_does_not_pass_as_flat():
    marks = [Mark(number, number * 2000, 0.0, number * 2000 * 30) for number in range(1, 501)]
    assert growth(Run(tuple(marks))) > 20


def test_a_cohort_gives_each_learner_twenty_attempts_and_the_next_has_other_learners():
    assert COHORT == 20 * LEARNERS
    some = list(events(2_000))
    assert len({event.id for event in some}) == 2_000
    assert len({event.learner_ref for event in some}) == 2_000
    assert some == list(events(2_000)), "the same events at every run"


def test_the_truth_folds_an_event_once_however_often_it_comes():
    truth, again = Truth(), Truth()
    for event in events(500):
        truth.fold(event)
        again.fold(event)
        again.fold(event)
    assert truth.documents == again.documents
    assert truth.said == again.said
    assert len(truth.documents) == 500
