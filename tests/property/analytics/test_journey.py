"""A journey, and what it adds to the funnel, do not depend on order or repetition."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.analytics.projections.funnel import contributions
from services.analytics.projections.journey import Journey
from services.analytics.store import JOURNEYS
from services.analytics.stream import worker
from shared.contracts.assessment import LearnerAssessed, LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled
from shared.contracts.issuance import (
    CredentialCorrected,
    CredentialIssued,
    CredentialReinstated,
    CredentialRenewed,
    CredentialRevoked,
    CredentialSuspended,
)
from tests.unit.analytics.events import JANUARY, KEY, about_learner

HANDLERS = {
    kind: handler
    for binding in worker.bindings
    if binding.model is JOURNEYS
    for kind, handler in binding.handlers.items()
}
#: Few ids and few moments, so that facts meet what takes them back, and moments tie.
NUMBERS = st.integers(1, 3)
MOMENTS = st.integers(0, 4).map(lambda number: JANUARY + timedelta(days=12 * number, microseconds=number))


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    """Draw events with ids that are unique, as those of the log are."""
    facts = draw(st.lists(st.tuples(st.sampled_from(sorted(HANDLERS, key=str)), NUMBERS, MOMENTS), max_size=12))
    return [_event(kind, position, number, moment) for position, (kind, number, moment) in enumerate(facts)]


def _event(kind: Any, position: int, number: int, moment: Any) -> Any:
    named: dict[Any, dict[str, str]] = {
        LearnerEnrolled: {},
        LearnerUnenrolled: {},
        LearnerAssessed: {"result_id": f"result-{number}"},
        LearnerPassed: {},
        PassWithdrawn: {"pass_id": f"pass-{number}"},
        CredentialIssued: {"credential_id": f"credential-{number}"},
        CredentialRevoked: {"credential_id": f"credential-{number}"},
    }
    event_id = f"pass-{number}" if kind is LearnerPassed else f"event-{position}"
    return about_learner(kind, event_id, moment, **named[kind])


def fold(events: list[Any], start: Journey | None = None) -> Journey:
    journey: Journey = start or JOURNEYS.new(KEY)
    for event in events:
        journey = HANDLERS[type(event)](journey, event).state
    return journey


def counted(journey: Journey) -> Counter[Any]:
    return Counter(contributions(journey))


@given(histories())
def test_folding_twice_is_folding_once(events: list[Any]) -> None:
    once = fold(events)

    assert fold(events, once) is once


@given(histories(), st.data())
def test_any_order_with_any_repetition_ends_in_the_same_journey(events: list[Any], data: st.DataObject) -> None:
    repeated = data.draw(st.lists(st.sampled_from(events), max_size=5)) if events else []
    shuffled = data.draw(st.permutations(events + repeated))

    assert fold(shuffled) == fold(events)
    assert counted(fold(shuffled)) == counted(fold(events))


@given(histories())
def test_what_is_added_on_the_way_sums_to_what_the_end_counts(events: list[Any]) -> None:
    journey, added = JOURNEYS.new(KEY), Counter[Any]()
    for event in events:
        after = fold([event], journey)
        added.update(counted(after))
        added.subtract(counted(journey))
        journey = after

    assert +added == counted(journey)
    assert not -added


@given(histories())
def test_a_journey_counts_once_in_one_bucket_and_never_without_an_enrolment(events: list[Any]) -> None:
    journey = fold(events)
    counts = counted(journey)

    assert set(counts.values()) <= {1}
    assert len({bucket for bucket, _ in counts}) <= 1
    assert bool(counts) == any(isinstance(event, LearnerEnrolled) for event in events)


@given(histories())
def test_a_journey_survives_its_document(events: list[Any]) -> None:
    journey = fold(events)

    assert JOURNEYS.load(JOURNEYS.dump(journey)) == journey


PASSED_OVER = {CredentialSuspended, CredentialReinstated, CredentialRenewed, CredentialCorrected}


def test_the_worker_folds_every_event_about_learners_that_it_hears() -> None:
    heard = {event for topic in worker.topics for event in topic.events if topic.name != "catalogue"}

    # A funnel counts who has a credential: one that is suspended for a while, or says something else now, is one.
    assert heard - PASSED_OVER == set(HANDLERS)
    assert heard >= PASSED_OVER
