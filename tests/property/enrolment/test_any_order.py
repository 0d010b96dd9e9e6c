"""Whatever comes first and however often: the same words end in the same place, here and where they are heard."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrolment.domain import PublishedOffering
from services.enrolment.handlers import offering_published
from shared.contracts.enrolment import LearnerEnrolled
from shared.contracts.envelope import Event
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.facts import Place

MINUTES = st.sampled_from([0, 1, 1.005, 2, 2.005, 3])
IDS = st.sampled_from("abcdef")


TERMS, ROLES = st.sampled_from(["run-1", "run-2", None]), st.sampled_from(["audit", "verified", None])


@st.composite
def histories(draw: st.DrawFn, prefixes: list[str]) -> list[Event]:
    """Return facts whose ids, times and runs often meet, but no two different facts with one id."""
    return [
        draw(changes(draw(st.sampled_from(prefixes)) + id_)) for id_ in draw(st.lists(IDS, unique=True, max_size=6))
    ]


@st.composite
def changes(draw: st.DrawFn, id_: str) -> Event:
    """Return a registration, or an end of one."""
    data = {"offering": a.OFFERING, "term": draw(TERMS)}
    if draw(st.booleans()):
        return a.unregistered(id_, draw(MINUTES), data=data)
    return a.registered(id_, draw(MINUTES), data={**data, "role": draw(ROLES)})


@st.composite
def deliveries(draw: st.DrawFn, given: st.SearchStrategy[list[Event]]) -> tuple[list[Event], list[Event]]:
    """Return facts, and the same in another order with repetitions."""
    history = draw(given)
    repeated = draw(st.lists(st.sampled_from(history), max_size=4)) if history else []
    return history, draw(st.permutations([*history, *repeated]))


def has_a_place(history: list[Event]) -> bool:
    """Tell it another way: nothing later that is about the same run, or about all, ended some registration."""
    return any(
        isinstance(place, LearnerRegistered) and not any(ends(event, place) for event in history) for place in history
    )


def ends(event: Event, place: LearnerRegistered) -> bool:
    if not isinstance(event, LearnerUnregistered) or (event.time, event.id) < (place.time, place.id):
        return False
    return event.data.term == place.data.term or None in {event.data.term, place.data.term}


def first_registration(history: list[Event]) -> object:
    return min((event.time for event in history if isinstance(event, LearnerRegistered)), default=None)


@given(deliveries(histories([""])))
@settings(max_examples=400)
def test_the_latest_word_on_each_run_stands(delivery: tuple[list[Event], list[Event]]) -> None:
    history, sent = delivery
    assert Place().fold(*sent).enrolment.enrolled == has_a_place(history)


@given(deliveries(histories(["", "xapi/"])))
@settings(max_examples=800)
def test_any_order_leaves_the_same_place_and_says_it_once(delivery: tuple[list[Event], list[Event]]) -> None:
    """All that holds of a delivery, of each that is made up: to make one up takes longer than to look at it."""
    history, sent = delivery
    left = Place().fold(*sent)
    assert left.enrolment.place == Place().fold(*history).enrolment.place
    who_hears_what_is_said_knows_the_same(left, history)
    nothing_is_said_twice(left)


def who_hears_what_is_said_knows_the_same(left: Place, history: list[Event]) -> None:
    heard = max(left.said, key=lambda event: (event.time, event.data.registration_id), default=None)
    place = left.enrolment.place
    assert isinstance(heard, LearnerEnrolled) == (place is not None)
    if place is not None and heard is not None:
        assert (heard.data.term, heard.data.role) == (place.term, place.role)
    firsts = [event.time for event in left.said if isinstance(event, LearnerEnrolled)]
    assert min(firsts, default=None) == first_registration(history)


def nothing_is_said_twice(left: Place) -> None:
    assert len({event.id for event in left.said}) == len(left.said)
    moments = {(event.time, event.data.registration_id) for event in left.said}
    assert len(moments) == len(left.said), "which of two words stands would depend on their names"


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
