"""Which offering a platform's course, run or activity belongs to, of those that an institution published. Pure.

A name is compared whole, as it stands in payloads. What another platform delivers does not count for a token that
speaks for one; what is delivered by that platform in so many words comes before what is delivered by any.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from services.enrolment.platforms.door import Place
from shared.contracts.wire import ContractError

#: What stands for a name that has not been looked up: a payload is translated once more when it has been.
UNKNOWN_YET = Place("unknown-yet", "unknown-yet")
MOST_NAMED = 5
#: What a published name can be; the database is not asked for anything else.
_NAME = re.compile(r"[^\s\ud800-\udfff]{1,500}")
Run = Mapping[str, Any]
"""One member of `runs`, as the read model keeps it."""


class Delivery(NamedTuple):
    """What one name means in one run: the run or course itself, or one of its activities."""

    place: Place
    platform: str | None
    course: str
    run: str | None
    is_activity: bool

    def within(self, course: str) -> bool:
        """Tell whether this is delivered in the course or run of that name."""
        return course in {self.course, self.run}


class CourseUnknown(ContractError):
    """No offering of the institution is delivered by what is so named."""


class CourseAmbiguous(ContractError):
    """More than one offering or component is meant by one name."""


def names_of(definition: Mapping[str, Any]) -> list[str]:
    """Return every name by which the platforms of an offering may mean it, each once."""
    found: dict[str, None] = {}
    for run in definition.get("runs", ()):
        found.update(dict.fromkeys((run["course"], run.get("run") or run["course"])))
        found.update(dict.fromkeys(activity["id"] for activity in run.get("activities", ())))
    return list(found)


def deliveries_of(definitions: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, tuple[Delivery, ...]]:
    """Return what each of these names means in these offerings; a name that means nothing has an empty tuple."""
    found: dict[str, list[Delivery]] = {name: [] for name in names}
    for definition in definitions:
        for run in definition.get("runs", ()):
            for name, delivery in _deliveries(definition["offering"], run):
                if name in found:
                    found[name].append(delivery)
    return {name: tuple(dict.fromkeys(each)) for name, each in found.items()}


def _deliveries(offering: str, run: Run) -> Iterable[tuple[str, Delivery]]:
    platform, course, name = run.get("platform"), run["course"], run.get("run")
    whole = Delivery(Place(offering, run.get("whole")), platform, course, name, False)
    yield course, whole
    if name is not None:
        yield name, whole
    for activity in run.get("activities", ()):
        yield activity["id"], Delivery(Place(offering, activity["component"]), platform, course, name, True)


class KnownCourses:
    """`Courses` over what has been looked up; `missing` are the names that were asked for and have not been.

    What stands for those is `UNKNOWN_YET`: whoever finds a name missing looks it up, `learn`s it and asks once more.
    """

    def __init__(self, platform: str | None, recall: Callable[[str], Sequence[Delivery] | None]) -> None:
        """Answer for a token that speaks for this platform, or for all of its institution's, from what is recalled."""
        self._platform = platform
        self._recall = recall
        self._known: dict[str, Sequence[Delivery]] = {}
        # A batch is about few names: what each came to is kept for the rest of it.
        self._courses: dict[str, Place | ContractError] = {}
        self._activities: dict[tuple[str, str | None], Place | ContractError] = {}
        self.missing: set[str] = set()

    def learn(self, known: Mapping[str, Sequence[Delivery]]) -> None:
        """Take note of what names mean; what was missing is no longer."""
        self._known.update(known)
        self.missing.clear()

    def course(self, name: str) -> Place:
        """Return the offering of a run or a course, with the component that the grade of the whole counts for.

        Raises:
            CourseUnknown: no offering is delivered by what is so named.
            CourseAmbiguous: more than one is.

        """
        if (settled := self._courses.get(name)) is not None:
            return _settled(settled)
        found = self._looked_up(name)
        if found is None:
            return UNKNOWN_YET
        meant = [each for each in found if not each.is_activity]
        self._courses[name] = place = _only("course", name, self._ours(meant))
        return _settled(place)

    def activity(self, name: str, course: str | None = None) -> Place:
        """Return the component of an activity, within the course where its name alone does not tell.

        Raises:
            CourseUnknown: no offering has such an activity there.
            CourseAmbiguous: more than one component is meant.

        """
        if (settled := self._activities.get((name, course))) is not None:
            return _settled(settled)
        found = self._looked_up(name)
        if found is None:
            return UNKNOWN_YET
        meant = [each for each in found if each.is_activity and (course is None or each.within(course))]
        self._activities[name, course] = place = _only("activity", name, self._ours(meant))
        return _settled(place)

    def _looked_up(self, name: str) -> Sequence[Delivery] | None:
        found = self._known.get(name)
        if found is not None:
            return found
        found = self._recall(name) if _NAME.fullmatch(name) else ()
        if found is None:
            self.missing.add(name)
        else:
            self._known[name] = found  # so that one batch is judged by one answer
        return found

    def _ours(self, found: Sequence[Delivery]) -> Sequence[Delivery]:
        if self._platform is None:
            return found
        return [each for each in found if each.platform == self._platform] or [
            each for each in found if each.platform is None
        ]


def _settled(place: Place | ContractError) -> Place:
    if isinstance(place, ContractError):
        raise place.with_traceback(None)  # it is raised for each item that is about the same
    return place


def _only(kind: str, name: str, found: Sequence[Delivery]) -> Place | ContractError:
    places = list(dict.fromkeys(each.place for each in found))
    if len(places) == 1:
        return places[0]
    if not places:
        return CourseUnknown(
            kind,
            f"no offering is delivered by {name[:200]}: publish the offering with it in `runs` "
            "(PUT /v1/offerings/{offering}), then send this again",
        )
    listed = ", ".join(_shown(place) for place in places[:MOST_NAMED])
    return CourseAmbiguous(
        kind,
        f"{name[:200]} delivers {listed}: name the run or course beside it, send a token for one platform, or publish "
        "the offerings so that one of them alone has it in `runs`",
    )


def _shown(place: Place) -> str:
    return place.offering if place.component is None else f"{place.offering} ({place.component})"
