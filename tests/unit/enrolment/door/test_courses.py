"""Which offering a name of a platform means, and what is said when it means none or several."""

import re
from typing import Any

import pytest

from services.enrolment.door.course_shelf import MOST_OFFERINGS, REMEMBERED_S, CourseShelf
from services.enrolment.door.courses import (
    UNKNOWN_YET,
    CourseAmbiguous,
    CourseUnknown,
    KnownCourses,
    deliveries_of,
    names_of,
)
from services.enrolment.errors import FieldError
from services.enrolment.platforms.door import Place
from services.enrolment.store import OFFERINGS
from shared.testing.memory import MemoryStore
from tests.unit.enrolment import facts as a

RUN = "course-v1:OU+DS+2026_T1"
NOTHING: Any = {}.get
LATER = "course-v1:OU+DS+2026_T2"
COURSE = "course-v1:OU+DS"


def run(course: str = COURSE, name: str | None = RUN, **more: Any) -> dict[str, Any]:
    more["activities"] = [{"id": id_, "component": component} for id_, component in more.pop("activities", {}).items()]
    return {"course": course, "run": name, **more} if name else {"course": course, **more}


def known(*offerings: tuple[str, list[dict[str, Any]]], platform: str | None = None) -> KnownCourses:
    definitions = [{"offering": offering, "runs": runs} for offering, runs in offerings]
    names = {name for definition in definitions for name in names_of(definition)} | {"nobody's"}
    return KnownCourses(platform, deliveries_of(definitions, names).get)


def test_a_run_and_its_course_mean_the_offering():
    courses = known(("data", [run(whole="exam"), run(name=LATER, whole="exam")]))
    assert {courses.course(name) for name in (RUN, LATER, COURSE)} == {Place("data", "exam")}


def test_a_course_without_a_whole_has_no_component():
    assert known(("data", [run()])).course(RUN) == Place("data", None)


def test_an_activity_means_a_component_and_a_course_does_not_mean_an_activity():
    courses = known(("data", [run(activities={"block@final": "exam", "block@quiz": "quiz"})]))
    assert courses.activity("block@quiz") == courses.activity("block@quiz", COURSE) == Place("data", "quiz")
    for wrong in (lambda: courses.course("block@quiz"), lambda: courses.activity(RUN)):
        with pytest.raises(CourseUnknown, match="publish the offering with it in `runs`"):
            wrong()


def test_an_activity_of_two_courses_needs_the_course_beside_it():
    runs = ("data", [run(activities={"1": "quiz"})]), ("maths", [run("m", "m-1", activities={"1": "test"})])
    courses = known(*runs)
    with pytest.raises(CourseAmbiguous, match=re.escape("delivers data (quiz), maths (test): name the run")):
        courses.activity("1")
    assert courses.activity("1", "m") == courses.activity("1", "m-1") == Place("maths", "test")


def test_a_name_of_two_offerings_is_refused_with_the_cure():
    with pytest.raises(
        CourseAmbiguous, match=r"course: course-v1:OU.DS delivers data, more: .* one of them alone"
    ) as e:
        known(("data", [run()]), ("more", [run(name=LATER)])).course(COURSE)
    assert e.value.field == "course"


def test_what_a_platform_delivers_itself_comes_before_what_any_delivers():
    runs = [
        ("here", [run(platform="lms-1")]),
        ("there", [run(platform="lms-2")]),
        ("anywhere", [run()]),
    ]
    assert known(*runs, platform="lms-1").course(RUN).offering == "here"
    assert known(*runs, platform="lms-3").course(RUN).offering == "anywhere"
    assert known(*runs[:2], platform="lms-2").course(RUN).offering == "there"
    with pytest.raises(CourseUnknown):
        known(*runs[:2], platform="lms-3").course(RUN)
    with pytest.raises(CourseAmbiguous):
        known(*runs[:2]).course(RUN)


def test_a_name_that_was_not_looked_up_is_noted_and_then_known():
    courses = KnownCourses(None, NOTHING)
    assert courses.course(RUN) is courses.activity("x") is UNKNOWN_YET
    assert courses.missing == {RUN, "x"}
    courses.learn(deliveries_of([{"offering": "data", "runs": [run()]}], courses.missing))
    assert courses.course(RUN) == Place("data", None)
    assert not courses.missing


@pytest.mark.parametrize("name", ["", "a b", "\ud800", "x" * 501, "tab\t"])
def test_what_can_be_no_name_is_not_looked_up(name: str):
    courses = KnownCourses(None, NOTHING)
    with pytest.raises(CourseUnknown) as refused:
        courses.course(name)
    assert not courses.missing
    assert len(refused.value.reason) < 500


class Counted(MemoryStore):
    asked = 0

    async def find(self, *given: Any, **named: Any) -> Any:
        self.asked += 1
        return await super().find(*given, **named)


def offer(store: MemoryStore, offering: str, runs: list[dict[str, Any]], tenant: str = "ou") -> None:
    state = OFFERINGS.new(f"{tenant}/{offering}")
    state = type(state)(tenant, offering, 1, "e", "v", {"offering": offering, "runs": runs})
    store.put(OFFERINGS.collection, {"_id": state.key, **OFFERINGS.dump(state)})


async def test_names_are_looked_up_at_once_and_remembered_for_a_moment():
    store, clock = Counted(), [0.0]
    offer(store, "data", [run(activities={"q": "quiz"})])
    offer(store, "theirs", [run()], tenant="other")
    shelf = CourseShelf(store, lambda: clock[0])
    found = await shelf.look_up("ou", {RUN, "q", "nobody's"})
    assert {name: [each.place.offering for each in meant] for name, meant in found.items()} == {
        RUN: ["data"],
        "q": ["data"],
        "nobody's": [],
    }
    assert store.asked == 1
    assert shelf.recall("ou", RUN)
    assert shelf.recall("ou", "nobody's") is None
    assert shelf.recall("other", RUN) is None
    clock[0] = REMEMBERED_S
    assert shelf.recall("ou", RUN) is None


async def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("services.enrolment.door.course_shelf.MOST_NAMES", 2)
    store = MemoryStore()
    offer(store, "data", [run(name=f"run-{number}") for number in range(5)])
    shelf = CourseShelf(store)
    for number in range(5):
        await shelf.look_up("ou", {f"run-{number}"})
    assert [bool(shelf.recall("ou", f"run-{number}")) for number in range(5)] == [False, False, False, True, True]


async def test_a_request_about_too_many_offerings_is_refused():
    store = MemoryStore()
    for number in range(MOST_OFFERINGS + 1):
        offer(store, f"o-{number}", [run()])
    with pytest.raises(FieldError, match="send less at once"):
        await CourseShelf(store).look_up("ou", {RUN})


def test_an_offering_is_kept_with_the_names_of_its_runs_and_read_as_it_was():
    published = a.published("p1", 1)
    runs = [run(whole="exam", activities={"q": "exam"}), run(name=LATER)]
    event = published.model_validate(published.model_dump() | {"data": a.DEFINITION | {"offering": "x", "runs": runs}})
    from services.enrolment.handlers import offering_published

    state = offering_published(OFFERINGS.new("ou/x"), event).state
    document = OFFERINGS.dump(state)
    assert sorted(document["names"]) == sorted([COURSE, RUN, LATER, "q"])
    assert OFFERINGS.load({"_id": "ou/x", **document}) == state
