"""Whatever comes first and however often: the same words end in the same place, here and where they are heard."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrolment.domain import PublishedOffering
from services.enrolment.handlers import offering_published
from shared.contracts.enrolment import LearnerEnrolled
from shared.contracts.envelope import Event
from shared.contracts.platform import LearnerRegistered
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.facts import Place

MINUTES = st.integers(0, 5)
IDS = st.sampled_from("abcdef")


@st.composite
def histories(draw: st.DrawFn) -> list[LearnerRegistered | Event]:
    """Return facts whose ids and times often meet, but no two different facts with one id."""
    ids = draw(st.lists(IDS, unique=True, max_size=6))
    return [draw(st.sampled_from([a.registered, a.unregistered]))(id_, draw(MINUTES)) for id_ in ids]


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Event], list[Event]]:
    """Return facts, and the same in another order with repetitions."""
    history = draw(histories())
    repeated = draw(st.lists(st.sampled_from(history), max_size=4)) if history else []
    return history, draw(st.permutations([*history, *repeated]))


def latest_is_a_registration(history: list[Event]) -> bool:
    latest = max(history, key=lambda event: (event.time, event.id), default=None)
    return isinstance(latest, LearnerRegistered)


def first_registration(history: list[Event]) -> object:
    return min((event.time for event in history if isinstance(event, LearnerRegistered)), default=None)


@given(deliveries())
@settings(max_examples=400)
def test_the_latest_word_stands(delivery: tuple[list[Event], list[Event]]) -> None:
    history, sent = delivery
    assert Place().fold(*sent).enrolment.enrolled == latest_is_a_registration(history)


@given(deliveries())
@settings(max_examples=400)
def test_who_hears_what_is_said_knows_the_same(delivery: tuple[list[Event], list[Event]]) -> None:
    history, sent = delivery
    said = Place().fold(*sent).said
    heard = max(said, key=lambda event: (event.time, event.data.registration_id), default=None)
    assert isinstance(heard, LearnerEnrolled) == latest_is_a_registration(history)
    firsts = [event.time for event in said if isinstance(event, LearnerEnrolled)]
    assert min(firsts, default=None) == first_registration(history)


@given(deliveries())
@settings(max_examples=200)
def test_nothing_is_said_twice(delivery: tuple[list[Event], list[Event]]) -> None:
    ids = [event.id for event in Place().fold(*delivery[1]).said]
    assert len(set(ids)) == len(ids)


@given(st.lists(st.tuples(IDS, MINUTES), unique_by=lambda each: each[0], min_size=1), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_latest_publication_stands(publications: list[tuple[str, int]], chance: Random) -> None:
    events = [a.published(id_, minute, mark=ord(id_) - 96) for id_, minute in publications]
    latest = max(events, key=lambda event: (event.time, event.id))
    sent = [*events, *events]
    chance.shuffle(sent)
    state = PublishedOffering.new(latest.key)
    for event in sent:
        state = offering_published(state, event).state
    assert (state.event_id, state.policy_version) == (latest.id, latest.data.policy.version)
