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


@given(deliveries())
@settings(max_examples=400)
def test_the_standing_is_what_the_facts_make_it(delivery: tuple[list[Event], list[Event], OfferingPublished]) -> None:
    history, sent, offering = delivery
    learner = Learner()
    for event in sent:
        learner.fold(event)
        assert len(learner.outstanding) == learner.progress.passed
    learner.sweep()
    assert learner.progress.passed == naive.stands(history, offering.data.policy)
    assert len(learner.outstanding) == learner.progress.passed
    assert learner.progress.waiting_for is None


@given(deliveries())
@settings(max_examples=200)
def test_the_grade_is_exact(delivery: tuple[list[Event], list[Event], OfferingPublished]) -> None:
    history, sent, offering = delivery
    learner = Learner().fold(*sent)
    assert learner.offering is not None
    top, bottom = learner.progress.grade(learner.offering.policies[offering.data.policy.version])
    assert Fraction(top, bottom) == naive.grade(history, offering.data.policy)


@given(deliveries())
@settings(max_examples=200)
def test_each_attempt_that_counts_is_assessed_once(
    delivery: tuple[list[Event], list[Event], OfferingPublished],
) -> None:
    history, sent, offering = delivery
    said = [event.data.result_id for event in Learner().fold(*sent).sweep().assessed]
    assert len(said) == len(set(said))
    if naive.was_enrolled(history):
        assert set(naive.counted(history, offering.data.policy)) <= set(said)
        assert set(said) <= set(naive.marked(history, offering.data.policy))
    else:
        assert not said


@given(deliveries(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_two_orders_end_in_the_same_facts(
    delivery: tuple[list[Event], list[Event], OfferingPublished], chance: Random
) -> None:
    _, sent, _ = delivery
    shuffled = list(sent)
    chance.shuffle(shuffled)
    one, other = Learner().fold(*sent).sweep().progress, Learner().fold(*shuffled).sweep().progress
    assert one.attempts == other.attempts
    assert set(one.placements) == set(other.placements)
    assert (one.voided, one.policy_version, one.passed) == (other.voided, other.policy_version, other.passed)
