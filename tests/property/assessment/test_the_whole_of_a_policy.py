"""All kinds of events in any order, any number of times, any of them taken back: one state, and at most one pass."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.assessment.domain import percent
from services.assessment.facts.circumstances import NOTHING
from services.assessment.facts.progress import Progress
from services.assessment.grading.deciding import decided
from services.assessment.grading.judging import judge
from shared.contracts.assessment import LearnerPassed
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled, OfferingPublished
from shared.contracts.envelope import Event
from tests.property.assessment import naive
from tests.property.assessment.everything import MINUTES, histories, policies, published
from tests.property.assessment.whole import Whole
from tests.unit.assessment.facts import Learner


@dataclass(frozen=True)
class Story:
    """A learner's history, the publications of an offering, and the order in which all of it is delivered."""

    history: list[Event]
    offerings: list[OfferingPublished]
    sent: list[Event]

    @property
    def expected(self) -> Whole:
        return Whole(self.history, self.offerings)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Return a story: one policy, or two that take turns, and the publications anywhere among the rest."""
    drawn = [draw(policies()) for _ in range(draw(st.sampled_from([1, 2])))]
    minutes = draw(st.lists(MINUTES, min_size=len(drawn), max_size=len(drawn) + 1, unique=True))
    offerings = [published(drawn[number % len(drawn)], minute) for number, minute in enumerate(minutes)]
    history = draw(histories([each.data.policy.version for each in offerings]))
    rest = [*history, *offerings]
    again = draw(st.lists(st.sampled_from(rest), max_size=4))
    return Story(history, offerings, draw(st.permutations([*rest, *again])))


def told(sent: list[Event]) -> Learner:
    learner = Learner()
    for event in sent:
        learner.fold(event)
        assert len(learner.outstanding) == learner.progress.passed
    return learner.sweep().sweep()


def facts_of(progress: Progress) -> tuple[object, ...]:
    """Return what must not depend on the order; how often a pass was said may."""
    around = progress.around or NOTHING
    kinds = tuple(dict(kind) for kind in around[:7])
    places = frozenset(progress.placements)
    return progress.attempts, places, progress.voided, progress.policy_version, progress.passed, kinds


@given(stories())
@settings(max_examples=400)
def test_any_delivery_ends_as_the_model_does_and_says_each_thing_once(story: Story) -> None:
    """All that holds of a delivery, of each that is made up: to make one up takes longer than to look at it."""
    learner = told(story.sent)
    the_standing_is_that_of_the_model(learner, story)
    the_grade_is_that_of_the_model_exactly(learner, story)
    what_is_said_is_said_once_and_passes_alternate_with_withdrawals(learner)
    each_attempt_that_counts_is_assessed_and_the_same_mark_of_it_once(learner)


def the_standing_is_that_of_the_model(learner: Learner, story: Story) -> None:
    assert learner.progress.waiting_for is None
    if not naive.was_enrolled(story.history):
        assert not learner.said
        return
    assert learner.progress.policy_version == story.expected.version
    assert learner.progress.passed == story.expected.stands
    assert len(learner.outstanding) == learner.progress.passed


def the_grade_is_that_of_the_model_exactly(learner: Learner, story: Story) -> None:
    if learner.offering is not None and learner.progress.policy_version is not None:
        policy = learner.offering.policies[learner.progress.policy_version]
        found = decided(learner.progress, policy, learner.offering)
        assert Fraction(*found.grade) == story.expected.grade
        assert Fraction(*found.grade) == judge(learner.progress, policy, learner.offering).grade


def what_is_said_is_said_once_and_passes_alternate_with_withdrawals(learner: Learner) -> None:
    ids = [event.id for event in learner.said]
    assert len(set(ids)) == len(ids)
    kinds = [isinstance(event, LearnerPassed) for event in learner.passes]
    assert kinds == [place % 2 == 0 for place in range(len(kinds))]
    ordinals = [event.data.ordinal for event in learner.passes if isinstance(event, LearnerPassed)]
    assert ordinals == list(range(1, len(ordinals) + 1))


def each_attempt_that_counts_is_assessed_and_the_same_mark_of_it_once(learner: Learner) -> None:
    if learner.offering is None or learner.progress.policy_version is None:
        return
    policy = learner.offering.policies[learner.progress.policy_version]
    said = {event.data.result_id: event.data.score_percent for event in learner.assessed}
    tries = {each.attempt.id: each.ids for each in learner.progress.tries}
    for attempt in decided(learner.progress, policy, learner.offering).counting:
        marks = [said[id_] for id_ in tries[attempt.id] if id_ in said]
        top, bottom = percent(attempt.score or 0.0, attempt.max_score)
        assert marks.count(top / bottom) == 1


@given(stories(), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_other_orders_end_in_the_same_state_and_give_the_same_pass(story: Story, chance: Random) -> None:
    two_orders_end_in_the_same_state(story, chance)
    a_pass_says_the_same_in_whatever_order_its_causes_came(story, chance)


def two_orders_end_in_the_same_state(story: Story, chance: Random) -> None:
    shuffled = list(story.sent)
    chance.shuffle(shuffled)
    one, other = told(story.sent), told(shuffled)
    assert facts_of(one.progress) == facts_of(other.progress)


def a_pass_says_the_same_in_whatever_order_its_causes_came(story: Story, chance: Random) -> None:
    places = [event for event in story.history if isinstance(event, LearnerEnrolled)]
    rest = [*story.offerings, *(event for event in story.history if event not in places)]
    shuffled = list(rest)
    chance.shuffle(shuffled)
    one, other = told([*rest, *places]), told([*shuffled, *places])
    assert one.passed == other.passed
    gone = [event for event in story.history if isinstance(event, LearnerUnenrolled)]
    known = {event.id for event in rest} | {event.data.registration_id for event in (*places, *gone)}
    for said in one.passed:
        ids = [each.event_id for each in said.causes]
        assert set(ids) <= known - one.progress.voided
        assert len(set(ids)) == len(ids)
        assert [each.time for each in said.causes] == sorted(each.time for each in said.causes)
