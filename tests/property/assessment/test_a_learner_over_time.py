"""One learner through anything a platform may do, compared at every step with the standing computed from scratch."""

from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.contracts.assessment import PassWithdrawn
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import Event
from tests.property.assessment import naive
from tests.property.assessment.whole import version_of_the_day
from tests.unit.assessment import facts as an
from tests.unit.assessment.facts import Learner

if TYPE_CHECKING:
    from shared.contracts.policy import Policy

MINUTES = st.integers(0, 9)
RULES = st.sampled_from(["best", "last", "mean"])


class LearnerOverTime(RuleBasedStateMachine):
    """The model keeps every fact as an event; the policy that counts is that of the day of the first enrolment."""

    def __init__(self) -> None:
        super().__init__()
        self.learner = Learner()
        self.facts: list[Event] = []
        self.published: list[OfferingPublished] = []
        self.policy: Policy | None = None
        self.number = 0

    @initialize(early=st.booleans(), attempts=RULES)
    def the_offering_may_come_first(self, early: bool, attempts: str) -> None:  # noqa: FBT001 - drawn
        if early:
            self._publish(an.offering((("tma", "1"), ("exam", "3")), attempts=attempts, minute=4))

    @rule(minute=MINUTES)
    def enrol(self, minute: int) -> None:
        self._happens(an.enrolled(minute, self._name("r")))

    @rule(minute=MINUTES)
    def leave(self, minute: int) -> None:
        self._happens(an.unenrolled(minute, self._name("u")))

    @rule(
        minute=MINUTES, component=st.sampled_from(["tma", "exam", "extra"]), score=st.sampled_from([None, 0, 39, 100])
    )
    def report(self, minute: int, component: str, score: float | None) -> None:
        self._happens(an.result(self._name("result"), score, component=component, minute=minute))

    @rule(number=st.integers(1, 30))
    def void(self, number: int) -> None:
        self._happens(an.voided(f"result{number}", self._name("void")))

    @rule(minute=MINUTES, attempts=RULES, mark=st.sampled_from(["30", "40", "70"]))
    def publish(self, minute: int, attempts: str, mark: str) -> None:
        self._publish(an.offering((("tma", "1"), ("exam", "1")), attempts=attempts, mark=mark, minute=minute))

    @precondition(lambda self: self.facts)
    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        before, said = self.learner.progress, len(self.learner.said)
        self.learner.fold(data.draw(st.sampled_from(self.facts)))
        assert self.learner.progress == before
        assert len(self.learner.said) == said

    @invariant()
    def the_standing_is_the_facts(self) -> None:
        expected = self.policy is not None and naive.stands(self.facts, self.policy)
        assert self.learner.progress.passed == expected
        assert len(self.learner.outstanding) == expected

    @invariant()
    def the_policy_is_the_one_of_the_day_that_the_learner_started(self) -> None:
        assert self.learner.progress.policy_version == (self.policy.version if self.policy else None)

    @invariant()
    def passes_are_numbered_without_gaps(self) -> None:
        ordinals = [event.data.ordinal for event in self.learner.passes if not isinstance(event, PassWithdrawn)]
        assert ordinals == list(range(1, len(ordinals) + 1))

    @invariant()
    def ids_of_what_is_said_are_unique(self) -> None:
        ids = [event.id for event in self.learner.said]
        assert len(set(ids)) == len(ids)

    def _happens(self, event: Event) -> None:
        self.facts.append(event)
        self.learner.fold(event)
        self._pin()

    def _publish(self, event: OfferingPublished) -> None:
        if all(event.id != each.id for each in self.published):
            self.published.append(event)
            self.learner.fold(event).sweep()
            self._pin()

    def _pin(self) -> None:
        if self.published and naive.was_enrolled(self.facts):
            version = version_of_the_day(self.facts, self.published)
            self.policy = next(each.data.policy for each in self.published if each.data.policy.version == version)

    def _name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"


TestLearnerOverTime = LearnerOverTime.TestCase
TestLearnerOverTime.settings = settings(max_examples=150, stateful_step_count=30)
