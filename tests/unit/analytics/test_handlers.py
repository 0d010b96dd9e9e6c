"""What each event does to a journey."""

from datetime import UTC, datetime, timedelta

from services.analytics import handlers
from services.analytics.projections.funnel import contributions
from services.analytics.projections.journey import Journey
from services.analytics.store import JOURNEYS, OFFERINGS
from shared.contracts.assessment import LearnerAssessed, LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import LearnerEnrolled, LearnerUnenrolled
from shared.contracts.issuance import CredentialIssued, CredentialRevoked
from tests.unit.analytics.events import JANUARY, KEY, about_learner, offering_published

DAY = timedelta(days=1)


def enrolled(journey: Journey | None = None, time: datetime = JANUARY) -> Journey:
    start = journey or JOURNEYS.new(KEY)
    return handlers.learner_enrolled(start, about_learner(LearnerEnrolled, f"e-{time:%Y-%m-%d}", time)).state


def stages(journey: Journey) -> list[str]:
    return [stage for _, stage in contributions(journey)]


def test_a_new_journey_is_that_of_its_key() -> None:
    journey = JOURNEYS.new(KEY)

    assert (journey.tenant, journey.learner_ref, journey.offering) == ("ou", "learner-1", "bbb/2014j")


def test_a_new_offering_is_that_of_its_key() -> None:
    known = OFFERINGS.new("ou/bbb/2014j")

    assert (known.tenant, known.offering) == ("ou", "bbb/2014j")


def test_an_enrolment_counts_in_its_offering_and_month() -> None:
    bucket = (("tenant", "ou"), ("offering", "bbb/2014j"), ("month", "2026-01"))

    assert list(contributions(enrolled())) == [(bucket, "enrolled")]


def test_the_earliest_enrolment_names_the_cohort() -> None:
    late = enrolled(time=datetime(2026, 3, 1, tzinfo=UTC))

    both = enrolled(late, time=JANUARY)

    assert dict(next(iter(contributions(both)))[0])["month"] == "2026-01"


def test_a_learner_who_left_was_enrolled() -> None:
    left = handlers.learner_unenrolled(enrolled(), about_learner(LearnerUnenrolled, "u", JANUARY + DAY)).state

    assert stages(left) == ["enrolled", "left"]


def test_a_learner_who_came_back_has_not_left() -> None:
    left = handlers.learner_unenrolled(enrolled(), about_learner(LearnerUnenrolled, "u", JANUARY + DAY)).state

    assert stages(enrolled(left, JANUARY + 2 * DAY)) == ["enrolled"]


def test_two_attempts_are_one_assessed_learner() -> None:
    journey = enrolled()
    for result in ("r-1", "r-2"):
        event = about_learner(LearnerAssessed, f"a-{result}", result_id=result)
        journey = handlers.learner_assessed(journey, event).state

    assert stages(journey) == ["enrolled", "assessed"]


def test_the_same_result_again_changes_nothing() -> None:
    event = about_learner(LearnerAssessed, "a-1")
    journey = handlers.learner_assessed(enrolled(), event).state

    assert handlers.learner_assessed(journey, event).state is journey


def test_a_withdrawal_that_comes_first_takes_the_pass_away() -> None:
    withdrawn = handlers.pass_withdrawn(enrolled(), about_learner(PassWithdrawn, "w", pass_id="p-1")).state

    journey = handlers.learner_passed(withdrawn, about_learner(LearnerPassed, "p-1")).state

    assert stages(journey) == ["enrolled"]


def test_a_second_pass_stands_beside_a_withdrawn_first() -> None:
    journey = handlers.pass_withdrawn(enrolled(), about_learner(PassWithdrawn, "w", pass_id="p-1")).state
    for pass_id in ("p-1", "p-2"):
        journey = handlers.learner_passed(journey, about_learner(LearnerPassed, pass_id)).state

    assert stages(journey) == ["enrolled", "passed"]


def test_a_revocation_that_comes_first_takes_the_credential_away() -> None:
    revoked = handlers.credential_revoked(enrolled(), about_learner(CredentialRevoked, "r")).state

    journey = handlers.credential_issued(revoked, about_learner(CredentialIssued, "i")).state

    assert stages(journey) == ["enrolled"]


def test_a_journey_without_enrolment_counts_nowhere() -> None:
    journey = handlers.learner_passed(JOURNEYS.new(KEY), about_learner(LearnerPassed, "p-1")).state

    assert stages(journey) == []


def test_the_latest_publication_gives_the_title() -> None:
    new = offering_published("o-2", "New", JANUARY + DAY)
    old = offering_published("o-1", "Old", JANUARY)

    known = handlers.offering_published(OFFERINGS.new("ou/bbb/2014j"), new).state

    assert known.title == "New"
    assert handlers.offering_published(known, old).state is known
    assert handlers.offering_published(known, new).state is known


def test_an_offering_survives_its_document() -> None:
    event = offering_published("o-1", "Title", JANUARY.replace(microsecond=123456))
    known = handlers.offering_published(OFFERINGS.new("ou/bbb/2014j"), event).state

    assert OFFERINGS.load(OFFERINGS.dump(known)) == known
