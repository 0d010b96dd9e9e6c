"""The part of a worker that one model needs."""

import pytest

from services.analytics.stream import worker as analytics
from services.assessment.stream import worker as assessment
from shared.kit.rebuild.errors import UnknownModel
from shared.kit.rebuild.scope import scope_of


def test_all_of_it():
    scope = scope_of(assessment, None)
    assert scope.worker is assessment
    assert scope.collections == ("offerings", "progress", "letters", "parked", "parked_records")
    assert scope.apart == {"catalogue", "rulings"}


def test_a_model_comes_with_what_it_looks_beside():
    scope = scope_of(assessment, "progress")
    assert scope.collections == ("offerings", "progress")
    assert len(scope.worker.bindings) == len(assessment.bindings)


def test_what_others_look_beside_needs_nobody():
    scope = scope_of(assessment, "offerings")
    assert scope.collections == ("offerings",)
    assert [topic.name for topic in scope.worker.topics] == ["catalogue", "rulings"]
    assert scope.worker.sweeping == []


def test_a_model_comes_with_its_tallies():
    scope = scope_of(analytics, "journeys")
    assert scope.collections == ("journeys", "funnel")
    assert scope.tallies == {"funnel"}
    assert "catalogue" not in [topic.name for topic in scope.worker.topics]


def test_an_unknown_model_is_refused_with_those_that_there_are():
    with pytest.raises(UnknownModel, match="'funnel': give one of offerings, journeys"):
        scope_of(analytics, "funnel")
