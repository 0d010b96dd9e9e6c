from datetime import timedelta

import pytest

from services.enrolment import handlers
from services.enrolment.domain import PublishedOffering
from services.enrolment.store import ENROLMENTS, OFFERINGS
from shared.contracts.envelope import Event, derived_id
from shared.kit.errors import RecordRefused
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.facts import KEY, Place


@pytest.mark.parametrize(
    ("events", "words", "status"),
    [
        ([a.registered()], ["enrolled"], "enrolled"),
        ([a.unregistered()], [], "unenrolled"),
        ([a.registered(minute=1), a.unregistered(minute=2)], ["enrolled", "unenrolled"], "unenrolled"),
        ([a.registered("r1", 1), a.registered("r2", 2)], ["enrolled"], "enrolled"),
        (
            [a.registered("r1", 1), a.unregistered("u1", 2), a.registered("r2", 3)],
            ["enrolled", "unenrolled", "enrolled"],
            "enrolled",
        ),
        # out of order
        ([a.unregistered(minute=2), a.registered(minute=1)], ["enrolled", "unenrolled"], "unenrolled"),
        ([a.unregistered(minute=1), a.registered(minute=2)], ["enrolled"], "enrolled"),
        ([a.registered("r2", 2), a.registered("r1", 1)], ["enrolled", "enrolled"], "enrolled"),
        ([a.registered("r2", 3), a.unregistered("u1", 2)], ["enrolled"], "enrolled"),
        # at one moment the greater event id stands
        ([a.registered("a"), a.unregistered("b")], ["enrolled", "unenrolled"], "unenrolled"),
        ([a.registered("b"), a.unregistered("a")], ["enrolled"], "enrolled"),
    ],
)
def test_a_change_of_status_is_said(events: list[Event], words: list[str], status: str) -> None:
    place = Place().fold(*events)
    assert place.words == words
    assert place.enrolment.status == status


def test_what_is_said_names_the_registration_and_carries_its_envelope() -> None:
    trace = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
    cause = a.registered("r1", 7, platform="moodle", traceparent=trace)
    (said,) = Place().fold(cause).said
    assert said.id == derived_id(KEY, "enrolled", "r1")
    assert (said.data.offering, said.data.registration_id) == (a.OFFERING, "r1")
    assert (said.time, said.tenant, said.platform, said.traceparent) == (a.at(7), "ou", "moodle", trace)


def test_an_end_that_came_first_is_said_at_its_own_time() -> None:
    _, left = Place().fold(a.unregistered("u1", 9), a.registered("r1", 1)).said
    assert (left.time, left.data.registration_id) == (a.at(9), "u1")


def test_the_history_keeps_every_event() -> None:
    place = Place().fold(a.registered("r1", 1), a.registered("r2", 2), a.unregistered("u1", 3))
    assert [change.event_id for change in place.enrolment.history] == ["r1", "r2", "u1"]
    assert place.enrolment.since == place.enrolment.history[0].time


def test_an_id_that_is_used_again_for_something_else_changes_nothing() -> None:
    place = Place().fold(a.unregistered("same", 1), a.registered("same", 2))
    assert (place.words, place.enrolment.status) == ([], "unenrolled")


def test_a_platform_that_runs_away_is_refused_before_the_document_is_too_large() -> None:
    rows = [[number, f"r{number}", True] for number in range(handlers.MAX_CHANGES)]
    full = ENROLMENTS.load({**ENROLMENTS.dump(Place().enrolment), "history": rows})
    with pytest.raises(RecordRefused, match=r"data\.offering: this learner came and left 5000 times"):
        handlers.learner_registered(full, a.registered("one-more"))


def test_the_latest_publication_stands_whatever_comes_last() -> None:
    older, newer = a.published("p1", 1, mark=40), a.published("p2", 2, mark=60)
    states = []
    for order in ((older, newer), (newer, older), (newer, older, newer)):
        state = PublishedOffering.new(older.key)
        for event in order:
            state = handlers.offering_published(state, event).state
            assert handlers.offering_published(state, event).state is state
        states.append(OFFERINGS.load({"_id": older.key, **OFFERINGS.dump(state)}))
    assert states[0] == states[1] == states[2]
    assert states[0].policy_version == newer.data.policy.version
    assert states[0].definition["policy"]["pass_mark"] == 60


def test_role_and_term_go_with_the_place() -> None:
    event = a.registered(data={"offering": a.OFFERING, "role": "Learner", "term": "Autumn 2026"})

    [said] = Place().fold(event).said

    assert (said.data.role, said.data.term) == ("Learner", "Autumn 2026")


def on(run: str | None, role: str | None = None) -> dict[str, str | None]:
    return {"offering": a.OFFERING, "term": run, "role": role}


def test_who_leaves_one_run_stays_in_the_other() -> None:
    first = [a.registered("r1", 1, data=on("run-1")), a.registered("r2", 2, data=on("run-2"))]
    left = Place().fold(*first, a.unregistered("u1", 3, data=on("run-1")))
    assert left.enrolment.status == "enrolled"
    assert left.words == ["enrolled", "enrolled"]
    assert left.fold(a.unregistered("u2", 4, data=on("run-2"))).words[2:] == ["unenrolled"]


def test_an_end_that_names_no_run_ends_all_and_one_of_a_run_ends_what_named_none() -> None:
    runs = [a.registered("r1", 1, data=on("run-1")), a.registered("r2", 2, data=on("run-2"))]
    assert Place().fold(*runs, a.unregistered("u", 3)).enrolment.status == "unenrolled"
    assert (
        Place().fold(a.registered("r1", 1), a.unregistered("u", 3, data=on("run-1"))).enrolment.status == "unenrolled"
    )


def test_a_place_that_becomes_known_after_the_end_of_another_is_the_latest_word() -> None:
    ended = Place().fold(a.unregistered("u1", 3, data=on("run-1")), a.registered("r1", 1, data=on("run-1")))
    *_, heard = ended.fold(a.registered("r2", 2, data=on("run-2"))).said
    assert (type(heard).__name__, heard.data.term) == ("LearnerEnrolled", "run-2")
    assert heard.time == a.at(3) + timedelta(microseconds=1), (
        "the end of the first run was said to be that of the place"
    )


def test_another_role_is_said_as_of_the_change() -> None:
    place = Place().fold(
        a.registered("r1", 1, data=on("run-1", "audit")), a.registered("r2", 2, data=on("run-1", "pro"))
    )
    assert [(said.time, said.data.role) for said in place.said] == [(a.at(1), "audit"), (a.at(2), "pro")]
    assert place.fold(a.registered("r3", 3, data=on("run-1"))).words == ["enrolled"] * 2, "no role is no other role"


def test_who_leaves_the_run_of_the_latest_role_has_the_role_of_the_run_that_is_left() -> None:
    runs = [a.registered("r1", 1, data=on("run-1", "audit")), a.registered("r2", 2, data=on("run-2", "pro"))]
    *_, heard = Place().fold(*runs, a.unregistered("u2", 3, data=on("run-2"))).said
    assert (heard.data.registration_id, heard.data.term, heard.data.role) == ("r1", "run-1", "audit")


@pytest.mark.parametrize(("prefix", "status"), [("xapi/", "unenrolled"), ("", "enrolled")])
def test_a_mode_that_changes_as_the_learner_leaves_gives_no_place_where_it_is_told_as_a_registration(
    prefix: str, status: str
) -> None:
    moment = a.at(3) + timedelta(milliseconds=20)
    place = Place().fold(
        a.registered("r1", 1, data=on("run-1", "verified")),
        a.unregistered("u1", 3, data=on("run-1")),
        a.registered(prefix + "r2", 3, data=on("run-1", "audit"), time=moment),
    )
    assert place.enrolment.status == status


def test_enrolments_that_were_stored_without_runs_are_read() -> None:
    rows = [[1, "r1", True], [2, "u1", False], [3, "r2", True]]
    document = {key: value for key, value in ENROLMENTS.dump(Place().enrolment).items() if key != "told"}
    place = ENROLMENTS.load({**document, "_id": KEY, "history": rows})
    assert (place.status, place.since) == ("enrolled", 1)
    assert ENROLMENTS.dump(place)["history"] == rows
