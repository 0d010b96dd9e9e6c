"""Under which version a learner is judged."""

from itertools import permutations

from services.assessment.facts.circumstances import NOTHING
from services.assessment.store import OFFERINGS
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


def test_the_version_is_that_of_the_day_of_enrolment_whatever_is_known_first() -> None:
    facts = [an.offering(mark="40"), an.offering(mark="90", minute=10), an.enrolled(5), an.result("r", 50)]
    for order in permutations(facts):
        learner = Learner().fold(*order).sweep()
        assert (learner.progress.passed, learner.progress.policy_version) == (True, OLD), order
    facts[2] = an.enrolled(10)
    for order in permutations(facts):
        assert Learner().fold(*order).sweep().progress.policy_version == an.offering(mark="90").data.policy.version


def test_who_enrolled_before_the_first_publication_is_judged_by_that() -> None:
    learner = Learner().fold(an.offering(mark="90", minute=9), an.enrolled(5), an.offering(mark="40", minute=7)).sweep()
    assert learner.progress.policy_version == OLD


def test_an_earlier_enrolment_that_comes_late_brings_back_the_version_of_its_day() -> None:
    learner = Learner().fold(EASY, HARD, an.enrolled(5), an.result("r", 50))
    assert not learner.outstanding
    assert learner.fold(an.enrolled(0, "first")).outstanding


def test_a_version_that_comes_late_takes_a_pass_away_and_says_why() -> None:
    learner = Learner().fold(EASY, an.enrolled(5), an.result("r", 50), HARD).sweep()
    passed, withdrawn = learner.passes
    assert isinstance(withdrawn, PassWithdrawn)
    assert (passed.data.offering, withdrawn.data.cause) == (an.OFFERING, "policy")


def test_a_migration_wins_over_a_version_that_comes_late() -> None:
    third = an.offering(mark="70", minute=2)
    for order in permutations([EASY, third, an.enrolled(5), more.migrated("m", NEW, minute=6)]):
        learner = Learner().fold(HARD, *order).sweep().sweep()
        assert learner.progress.policy_version == NEW
        assert (learner.progress.around or NOTHING).began_under == third.data.policy.version


def test_an_attempt_at_what_only_the_other_version_knows_is_assessed_once() -> None:
    one, both = an.offering((("exam", "1"),)), an.offering((("exam", "1"), ("lab", "1")), minute=1)
    results = [an.result("e", 50), an.result("l", 50, component="lab")]
    learner = Learner().fold(one, an.enrolled(5), *results, both).sweep()
    assert sorted(event.data.result_id for event in learner.assessed) == ["e", "l"]


def test_a_policy_that_is_published_again_tells_nobody() -> None:
    learner = Learner().fold(EASY, an.enrolled(5), an.offering(mark="40", minute=3))
    assert learner.told() is None
    assert learner.offering is not None
    assert "untold" not in OFFERINGS.dump(learner.offering)


def test_an_offering_that_was_published_once_is_stored_as_ever() -> None:
    learner = Learner().fold(EASY)
    assert learner.offering is not None
    stored = ("tenant", "offering", "time", "event_id", "version", "policies")
    assert tuple(OFFERINGS.dump(learner.offering)) == stored


def test_whose_version_of_the_day_is_not_known_any_more_keeps_theirs() -> None:
    learner = Learner().fold(EASY, an.enrolled(0), an.result("r", 50), HARD)
    assert learner.offering is not None
    earlier = OFFERINGS.dump(learner.offering)
    for name in ("publications", "turned", "searched", "untold"):
        earlier.pop(name, None)
    learner.offering = OFFERINGS.load(earlier)
    learner.fold(an.result("again", 45)).sweep()
    assert (learner.progress.passed, learner.progress.policy_version) == (True, OLD)
    learner.fold(an.offering(mark="70", minute=9), an.result("once-more", 45)).sweep()
    assert (learner.progress.passed, learner.progress.policy_version) == (True, OLD)
    newcomer = Learner()
    newcomer.offering = learner.offering
    assert newcomer.fold(an.enrolled(3)).progress.policy_version == NEW


def test_all_who_are_enrolled_by_then_are_migrated_and_who_comes_later_is_not() -> None:
    assert started_under_the_old(more.all_migrated("m", NEW, minute=2)).progress.policy_version == NEW
    later = Learner().fold(HARD, more.all_migrated("m", OLD, minute=2), an.enrolled(3), EASY).sweep()
    assert later.progress.policy_version == NEW


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
