"""Under which version a learner is judged."""

from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.envelope import Event
from tests.unit.assessment import facts as an
from tests.unit.assessment import more
from tests.unit.assessment.facts import Learner

EASY, HARD = an.offering(mark="40"), an.offering(mark="90", minute=1)
OLD, NEW = EASY.data.policy.version, HARD.data.policy.version


def started_under_the_old(*events: Event) -> Learner:
    return Learner().fold(EASY, an.enrolled(), HARD, *events).sweep()


def test_a_learner_is_judged_under_the_version_of_their_enrolment_unless_migrated() -> None:
    learner = started_under_the_old(an.result("r", 60))
    assert (learner.progress.passed, learner.progress.policy_version) == (True, OLD)
    learner.fold(more.migrated("m", NEW, minute=2))
    assert (learner.progress.passed, learner.progress.policy_version) == (False, NEW)
    passed, withdrawn = learner.passes
    assert isinstance(passed, LearnerPassed)
    assert isinstance(withdrawn, PassWithdrawn)
    assert passed.data.policy_version == OLD
    assert withdrawn.data.cause == "policy migration"
    learner.fold(more.migrated("back", OLD, minute=3))
    assert learner.passed[-1].ordinal == 2


def test_all_who_are_enrolled_by_then_are_migrated_and_who_comes_later_is_not() -> None:
    assert started_under_the_old(more.all_migrated("m", NEW, minute=2)).progress.policy_version == NEW
    later = Learner().fold(EASY, more.all_migrated("m", NEW, minute=2), an.enrolled(3), HARD).sweep()
    assert later.progress.policy_version == OLD


def test_a_migration_may_spare_those_under_a_third_version() -> None:
    assert started_under_the_old(more.all_migrated("m", NEW, 2, replaces="0" * 12)).progress.policy_version == OLD
    assert started_under_the_old(more.all_migrated("m", NEW, 2, replaces=OLD)).progress.policy_version == NEW


def test_a_migration_to_a_version_that_is_still_to_come_waits_for_it() -> None:
    learner = Learner().fold(EASY, an.enrolled(), more.migrated("m", NEW, minute=2))
    assert (learner.progress.policy_version, learner.progress.waiting_for) == (OLD, f"{an.TENANT}/{an.OFFERING}")
    learner.fold(HARD).sweep()
    assert (learner.progress.policy_version, learner.progress.waiting_for) == (NEW, None)


def test_rulings_before_the_offering_do_no_harm() -> None:
    learner = Learner().fold(more.all_released("x"), an.enrolled(), an.result("r", 60)).sweep()
    assert not learner.said
    assert learner.fold(EASY).sweep().progress.passed
