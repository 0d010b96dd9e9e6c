from typing import Any

import pytest

from services.assessment import handlers
from services.assessment.facts.offering import MAX_PUBLICATIONS
from services.assessment.grading import settling
from services.assessment.store import OFFERINGS, PROGRESS
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.envelope import derived_id
from shared.kit.bindings import Beside
from shared.kit.errors import RecordRefused
from shared.kit.moments import microseconds
from tests.unit.assessment import facts as an
from tests.unit.assessment.facts import KEY, OFFERING, PLACE, TENANT, Learner

TWO_PARTS = (("tma", "40"), ("exam", "60"))


def test_an_attempt_is_said_with_its_score_and_the_grade_of_the_whole() -> None:
    learner = Learner().fold(an.offering(TWO_PARTS), an.enrolled(), an.result("t1", 41, component="tma", max_score=50))
    (said,) = learner.assessed
    assert (said.data.score_percent, said.data.grade_percent) == (82.0, 32.8)
    assert (said.data.component, said.data.result_id) == ("tma", "t1")
    assert said.data.policy_version == an.offering(TWO_PARTS).data.policy.version
    assert said.id == derived_id(KEY, "assessed", "t1")


def test_what_is_said_carries_its_cause() -> None:
    cause = an.result("r1", 90).model_copy(
        update={"platform": "moodle", "traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01"}
    )
    passed = Learner().fold(an.offering(), an.enrolled(), cause).passes[0]
    assert (passed.tenant, passed.learner_ref, passed.time) == (cause.tenant, cause.learner_ref, cause.time)
    assert (passed.platform, passed.traceparent) == (cause.platform, cause.traceparent)
    assert passed.source == "microcred/assessment"


def test_a_met_policy_is_said_once() -> None:
    learner = Learner().fold(an.offering(), an.enrolled(), an.result("r1", 40), an.result("r2", 95))
    (said,) = learner.passes
    assert isinstance(said, LearnerPassed)
    assert (said.data.grade_percent, said.data.ordinal, said.id) == (40.0, 1, derived_id(KEY, "passed", 1))


@pytest.mark.parametrize(
    ("rule", "undone_by", "reason"),
    [
        ("best", an.voided("r1"), "result voided"),
        ("best", an.unenrolled(9), "learner unenrolled"),
        ("last", an.result("r2", 10, minute=9), "later attempt"),
        ("mean", an.result("r2", 10, minute=9), "later attempt"),
    ],
)
def test_a_pass_is_withdrawn_with_the_reason(rule: str, undone_by: Any, reason: str) -> None:
    learner = Learner().fold(an.offering(attempts=rule), an.enrolled(), an.result("r1", 60), undone_by)
    passed, withdrawn = learner.passes
    assert isinstance(withdrawn, PassWithdrawn)
    assert (withdrawn.data.pass_id, withdrawn.data.reason) == (passed.id, reason)
    assert not learner.progress.passed


def test_a_pass_after_a_withdrawal_has_the_next_number() -> None:
    learner = Learner().fold(
        an.offering(), an.enrolled(), an.result("r1", 60), an.voided("r1"), an.result("r2", 70), an.voided("r2")
    )
    kinds = [type(event).__name__ for event in learner.passes]
    assert kinds == ["LearnerPassed", "PassWithdrawn", "LearnerPassed", "PassWithdrawn"]
    assert len({event.id for event in learner.passes}) == 4
    assert learner.progress.ordinal == 2


def test_results_before_the_enrolment_are_held_and_counted_when_it_arrives() -> None:
    learner = Learner().fold(an.offering(), an.result("r1", 60))
    assert not learner.said
    assert learner.progress.waiting_for is None
    learner.fold(an.enrolled())
    assert [event.data.result_id for event in learner.assessed] == ["r1"]
    assert learner.progress.passed


def test_results_before_the_policy_are_held_under_a_mark_that_the_sweeper_finds() -> None:
    learner = Learner().fold(an.enrolled(), an.result("r1", 60))
    assert not learner.said
    assert PROGRESS.dump(learner.progress)["waiting_for"] == f"{TENANT}/{OFFERING}"
    learner.fold(an.offering()).sweep()
    assert "waiting_for" not in PROGRESS.dump(learner.progress)
    assert learner.progress.passed


def test_any_event_after_the_policy_ends_the_wait_before_the_sweeper_does() -> None:
    learner = Learner().fold(an.enrolled(), an.result("r1", 60), an.offering(), an.result("r2", 70))
    assert sorted(event.data.result_id for event in learner.assessed) == ["r1", "r2"]
    before = len(learner.said)
    learner.fold(learner.arrival())
    assert len(learner.said) == before


def test_a_voiding_may_come_before_its_result() -> None:
    learner = Learner().fold(an.offering(), an.enrolled(), an.voided("r1"), an.result("r1", 60))
    assert not learner.said


def test_unmarked_work_and_foreign_components_are_kept_and_not_said() -> None:
    learner = Learner().fold(an.offering(), an.enrolled(), an.result("r1", None), an.result("r2", 9, component="x"))
    assert not learner.said
    assert set(learner.progress.attempts) == {"r1", "r2"}


def test_a_learner_who_left_is_assessed_but_does_not_pass() -> None:
    learner = Learner().fold(an.offering(), an.enrolled(1), an.unenrolled(2), an.result("r1", 60))
    assert len(learner.assessed) == 1
    assert not learner.passes


def test_a_learner_keeps_the_policy_that_they_started_under() -> None:
    learner = Learner().fold(an.offering(mark="40"), an.enrolled(), an.offering(mark="90", minute=5))
    learner.fold(an.result("r1", 50))
    assert learner.progress.passed


def test_an_older_publication_that_comes_late_does_not_replace_the_newer() -> None:
    learner = Learner().fold(an.offering(mark="90", minute=5), an.offering(mark="40"), an.enrolled(5))
    assert learner.progress.policy_version == an.offering(mark="90").data.policy.version
    assert learner.offering is not None
    assert len(learner.offering.policies) == 2


def test_of_a_policy_that_is_published_for_ever_no_more_is_kept_than_there_may_be() -> None:
    published = OFFERINGS.new(f"{TENANT}/{OFFERING}")
    events = [an.offering(mark="90" if minute < 3 else "40", minute=minute) for minute in range(MAX_PUBLICATIONS + 9)]
    for event in events:
        published = handlers.offering_published(published, event).state
    assert len(published.publications) == MAX_PUBLICATIONS
    assert [each.time for each in published.publications[:2]] == [microseconds(an.at(0)), microseconds(an.at(3))]
    assert [handlers.offering_published(published, event).state for event in events[:20]] == [published] * 20


def test_arrival_is_the_same_event_however_often_it_is_made() -> None:
    learner = Learner().fold(an.enrolled(), an.offering(minute=3))
    assert learner.arrival() == learner.arrival()
    assert learner.arrival().time == an.at(3)


def test_a_platform_that_runs_away_is_refused_before_the_document_is_too_large() -> None:
    voided = [f"r{number}" for number in range(settling.MAX_FACTS)]
    full = PROGRESS.load({**PROGRESS.dump(Learner().progress), "voided": voided})
    with pytest.raises(RecordRefused, match=r"data\.offering: this learner has 5000 facts"):
        handlers.result_reported(full, an.result("one-more", 1), Beside(None, PLACE))


def test_an_offering_has_a_limited_number_of_policies() -> None:
    learner = Learner()
    for number in range(handlers.MAX_POLICIES):
        learner.fold(an.offering(mark=str(number / 2), minute=number))
    with pytest.raises(RecordRefused, match=r"data\.policy: the offering has had 100 policies"):
        learner.fold(an.offering(mark="99", minute=500))
