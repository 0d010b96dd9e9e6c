"""The work that the benches measure is what they say it is, and each peer's way of writing comes to the same end."""

from typing import Any

import pytest
from orjson import loads

from bench import engine, shipped
from bench.cohorts import Truth, completions, events
from bench.contenders.one_by_one import folded
from bench.errors import EffectsLost
from bench.grading import COMPONENTS, key_of
from bench.stored import alike, journeys, learner
from bench.truth import check_said
from services.assessment.store import PROGRESS
from shared.contracts.topics import ASSESSED, PASSED

LEARNERS = ("ada", "grace", "joan")


def service_truth(count):
    truth = shipped.Truth()
    for event in (shipped.offering(), *map(shipped.enrolment, LEARNERS), *shipped.results(LEARNERS, count)):
        truth.fold(event)
    return truth


def test_as_it_ships_every_result_of_an_enrolled_learner_is_assessed_and_some_pass():
    truth = service_truth(60)
    assert len(truth.said[ASSESSED.name]) == 60
    assert 0 < len(truth.said[PASSED.name]) <= len(LEARNERS)
    assert {document["policy_version"] for document in truth.documents.values()} != {None}
    assert [len(loads(document["attempts"])) for document in truth.documents.values()] == [20, 20, 20]


def test_as_it_ships_the_same_events_come_at_every_run():
    assert list(shipped.results(LEARNERS, 30)) == list(shipped.results(LEARNERS, 30))


def test_few_learners_have_as_many_attempts_as_many():
    some = list(events(100, learners=5))
    assert {sum(event.learner_ref == each for event in some) for each in {event.learner_ref for event in some}} == {20}


def test_a_completion_is_a_pass_with_its_last_mark_and_not_before():
    before, last = completions(3, seed=1)
    truth = Truth()
    for event in before:
        truth.fold(event)
    assert not truth.said[PASSED.name]
    for number, event in enumerate(last, 1):
        truth.fold(event)
        assert len(truth.said[PASSED.name]) == number
    assert len(before) == 3 * (len(COMPONENTS) - 1)


def test_one_write_an_event_comes_to_the_same_documents_and_passes():
    truth = Truth()
    documents: dict[str, Any] = {}
    said: set[str] = set()
    for event in events(200, learners=10):
        truth.fold(event)
        document, says = folded(event, documents.get(key_of(event)))
        documents[document["_id"]] = document
        said.update(each.id for each in says)
    assert documents == truth.documents
    assert said == truth.said[PASSED.name] != set()


def test_a_stored_journey_is_what_folding_its_events_ends_in():
    (like,) = journeys([0]).documents.values()
    (stored,) = journeys([77]).documents.values()
    assert alike(like, 77) == stored
    assert stored["learner_ref"] == learner(77)
    assert PROGRESS.load(stored).policy_version is not None


def test_what_stored_learners_said_long_ago_is_not_expected_again():
    assert not any(journeys(range(3)).said.values())


@pytest.mark.parametrize("twist", [lambda ids: ids[1:], lambda ids: [*ids, ids[0]], lambda ids: [*ids[1:], "other"]])
def test_a_missing_a_doubled_and_a_foreign_event_end_the_bench(twist):
    truth = service_truth(20)
    right = {topic: sorted(ids) for topic, ids in truth.said.items()}
    check_said("ours", right, truth)
    with pytest.raises(EffectsLost, match="assessed"):
        check_said("ours", {**right, ASSESSED.name: twist(right[ASSESSED.name])}, truth)


def test_the_engine_is_compared_with_each_peer_and_its_own_figure_comes_last():
    rates = dict.fromkeys(engine.CONTENDERS, 1_000.0) | {"microcred": 24_000.0, "quix_one": 33.0}
    *ratios, ships, own = engine.figures(rates)
    by_unit = {each.unit: each for each in ratios}
    assert own.name == "engine"
    assert own.met
    assert not ships.met
    assert by_unit["of the plain loop"].met
    assert by_unit["times Quix Streams one by one"].met
    assert by_unit["times Quix Streams one by one"].value == pytest.approx(1_000 / 33), "as one process, as they are"
    assert by_unit["times stock Faust one by one"].met is False
    assert len(ratios) == len(engine.CONTENDERS) - 3
