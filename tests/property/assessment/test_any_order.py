"""Whatever comes first and however often: the same facts end in the same standing."""

from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import Event
from tests.property.assessment import naive
from tests.unit.assessment import facts as an
from tests.unit.assessment.facts import Learner

COMPONENTS = ("tma", "exam", "quiz")
RESULTS = [f"result-{number}" for number in range(6)]
#: Thirds of 30 and tenths of 1 meet the pass marks exactly, and just miss them.
MARKS = st.sampled_from(
    [(None, 100.0), (10.0, 30.0), (20.0, 30.0), (25.0, 30.0), (0.1, 1.0), (0.7, 1.0), (39.999, 100.0), (40.0, 100.0)]
) | st.tuples(st.floats(0, 100, allow_subnormal=False), st.just(100.0))
WEIGHTS = st.sampled_from(["0", "1", "1.5", "2", "7.5", "33.333"])


@st.composite
def offerings(draw: st.DrawFn) -> OfferingPublished:
    weights = [draw(WEIGHTS), draw(WEIGHTS), "1"]
    return an.offering(
        list(zip(COMPONENTS, weights, strict=True)),
        mark=draw(st.sampled_from(["0", "39.999", "40", "50", "66.6"])),
        attempts=draw(st.sampled_from(["best", "last", "mean"])),
    )


@st.composite
def results(draw: st.DrawFn, id_: str) -> Event:
    score, maximum = draw(MARKS)
    component = draw(st.sampled_from([*COMPONENTS, "extra"]))
    return an.result(id_, score, component=component, minute=draw(st.integers(0, 5)), max_score=maximum)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Return one learner's facts: at most one for each id, times that often meet."""
    minutes = st.integers(0, 5)
    places: list[Event] = [an.enrolled(draw(minutes), f"r{n}") for n in range(draw(st.integers(0, 2)))]
    places += [an.unenrolled(draw(minutes), f"u{n}") for n in range(draw(st.integers(0, 2)))]
    reported = [draw(results(id_)) for id_ in RESULTS[: draw(st.integers(0, 6))]]
    taken_back = draw(st.lists(st.sampled_from(RESULTS), max_size=3, unique=True))
    return [*places, *reported, *map(an.voided, taken_back)]


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Event], list[Event], OfferingPublished]:
    """Return facts, the same in another order with repetitions, and the offering that is somewhere among them."""
    history, offering = draw(histories()), draw(offerings())
    sent = [*history, offering]
    repeated = draw(st.lists(st.sampled_from(sent), max_size=4))
    return history, draw(st.permutations([*sent, *repeated])), offering


@given(deliveries(), st.randoms(use_true_random=False))
@settings(max_examples=400)
def test_any_order_ends_in_the_standing_that_the_facts_make_and_says_each_attempt_once(
    delivery: tuple[list[Event], list[Event], OfferingPublished], chance: Random
) -> None:
    """All that holds of a delivery, of each that is made up: to make one up takes longer than to look at it."""
    history, sent, offering = delivery
    learner = Learner()
    for event in sent:
        learner.fold(event)
        assert len(learner.outstanding) == learner.progress.passed
    learner.sweep()
    the_standing_is_what_the_facts_make_it(learner, history, offering)
    the_grade_is_exact(learner, history, offering)
    each_attempt_that_counts_is_assessed_once(learner, history, offering)
    another_order_ends_in_the_same_facts(learner, sent, chance)


def the_standing_is_what_the_facts_make_it(learner: Learner, history: list[Event], offering: OfferingPublished) -> None:
    assert learner.progress.passed == naive.stands(history, offering.data.policy)
    assert len(learner.outstanding) == learner.progress.passed
    assert learner.progress.waiting_for is None


def the_grade_is_exact(learner: Learner, history: list[Event], offering: OfferingPublished) -> None:
    assert learner.offering is not None
    top, bottom = learner.progress.grade(learner.offering.policies[offering.data.policy.version])
    assert Fraction(top, bottom) == naive.grade(history, offering.data.policy)


def each_attempt_that_counts_is_assessed_once(
    learner: Learner, history: list[Event], offering: OfferingPublished
) -> None:
    said = [event.data.result_id for event in learner.assessed]
    assert len(said) == len(set(said))
    if naive.was_enrolled(history):
        assert set(naive.counted(history, offering.data.policy)) <= set(said)
        assert set(said) <= set(naive.marked(history, offering.data.policy))
    else:
        assert not said


def another_order_ends_in_the_same_facts(learner: Learner, sent: list[Event], chance: Random) -> None:
    shuffled = list(sent)
    chance.shuffle(shuffled)
    one, other = learner.progress, Learner().fold(*shuffled).sweep().progress
    assert one.attempts == other.attempts
    assert set(one.placements) == set(other.placements)
    assert (one.voided, one.policy_version, one.passed) == (other.voided, other.policy_version, other.passed)
