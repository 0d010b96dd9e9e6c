"""What each verb of xAPI means for us; all others mean nothing. Pure.

`completed` is not `passed`: without a mark it says nothing. A pass or a fail of a whole course is the platform's
verdict; of an activity it is worth its score. A statement is an attempt of its own, also under a registration, which
may hold many (xAPI Communication, 2.1.3), where neither cmi5 nor Open edX says more.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from services.enrolment.platforms.door import Place
from services.enrolment.platforms.heard import Heard, SaysNothing, component, first_known
from services.enrolment.platforms.marks import Mark, mark_of
from services.enrolment.platforms.openedx.course import PASSING
from services.enrolment.platforms.xapi import cmi5, edx
from services.enrolment.platforms.xapi.statement import Statement, activities
from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, LearningRecognised, VerdictReported
from shared.contracts.wire import ContractError

COURSE = "http://adlnet.gov/expapi/activities/course"
_ADL = "http://adlnet.gov/expapi/verbs/"
_TINCAN = "http://id.tincanapi.com/verb/"


class Said(NamedTuple):
    """A statement that means something to us."""

    heard: Heard
    statement: Statement

    @property
    def is_cmi5(self) -> bool:
        """Whether it says that it is defined by cmi5."""
        return cmi5.CATEGORY in cmi5.categories(self.statement)

    @property
    def is_open_edx(self) -> bool:
        """Whether Open edX's transformer made it."""
        return edx.is_open_edx(self.statement)

    def names(self) -> tuple[str, ...]:
        """Return what the object may be published as."""
        object_id = self.statement.object.id
        return edx.names_of(object_id) if self.is_open_edx else (object_id,)

    def course(self) -> Place:
        """Return the offering of the object, as a course or a run."""
        return first_known(self.heard.sender.courses.course, self.names())

    def registration(self) -> dict[str, str | None]:
        """Return the offering of the object, and its run where Open edX names one."""
        run = edx.run_of(self.statement.object.id) if self.is_open_edx else None
        return {"offering": self.course().offering, "term": run}

    def activity(self) -> Place:
        """Return the component of the object."""
        return component(self.heard.sender.courses, self.names(), self._around())

    def _around(self) -> Iterator[str]:
        context = self.statement.context.context_activities
        for each in (*activities(context.parent), *activities(context.grouping)):
            yield from edx.names_of(each.id) if self.is_open_edx else (each.id,)

    def mark(self) -> Mark | None:
        """Return the mark that the statement gives, if it gives one."""
        result = self.statement.result
        return None if result is None or result.score is None else mark_of(result.score)

    def attempt(self) -> str | None:
        """Return the name of the attempt, where the platform's rules make several statements one."""
        if self.is_open_edx:
            return edx.attempt_of(self.statement)
        return cmi5.attempt_of(self.statement) if self.is_cmi5 else None

    def place(self) -> tuple[Place, bool]:
        """Return what the object belongs to, and whether it is the whole of an offering."""
        kind = self.statement.object.definition.type
        if kind == COURSE:
            return self.course(), True
        try:
            return self.activity(), False
        except ContractError:
            if kind:
                raise
            try:
                return self.course(), True
            except ContractError:
                pass
            raise


def _registered(said: Said) -> tuple[LearnerEvent, ...]:
    mode = edx.mode_of(said.statement) if said.is_open_edx else None
    return (said.heard.says(LearnerRegistered, {**said.registration(), "role": mode}),)


def _unregistered(said: Said) -> tuple[LearnerEvent, ...]:
    return (said.heard.says(LearnerUnregistered, said.registration()),)


def _scored(said: Said) -> tuple[LearnerEvent, ...]:
    mark = said.mark()
    place, _ = said.place()
    if mark is None:
        raise SaysNothing("result.score", "missing; this verb says nothing without one")
    # The grade of a course for which no component is named counts for nothing.
    return (said.heard.result(place, mark, said.attempt()),) if place.component else ()


def _completed(said: Said) -> tuple[LearnerEvent, ...]:
    return () if said.mark() is None else _scored(said)


def _decided(said: Said) -> tuple[LearnerEvent, ...]:
    mark = said.mark()
    place, is_whole = said.place()
    events: list[LearnerEvent] = []
    if place.component and mark is not None:
        events.append(said.heard.result(place, mark, said.attempt()))
    if is_whole:
        verdict = {"offering": place.offering, "passed": said.statement.verb.id == cmi5.PASSED}
        if said.is_open_edx:
            verdict["by"] = PASSING
        events.append(said.heard.says(VerdictReported, verdict, besides="verdict" if events else ""))
    if not events:
        raise SaysNothing("result.score", "missing; a pass or a fail of a part of a course counts by its mark")
    return tuple(events)


def _waived(said: Said) -> tuple[LearnerEvent, ...]:
    if not said.is_cmi5:
        return ()
    place, is_whole = said.place()
    data = {"offering": place.offering, "reason": cmi5.reason_of(said.statement)}
    return (said.heard.says(LearningRecognised, data if is_whole else {**data, "component": place.component}),)


MEANINGS: dict[str, Callable[[Said], tuple[LearnerEvent, ...]]] = {
    _ADL + "registered": _registered,
    _TINCAN + "unregistered": _unregistered,
    _ADL + "scored": _scored,
    _TINCAN + "earned": _scored,
    cmi5.COMPLETED: _completed,
    cmi5.PASSED: _decided,
    cmi5.FAILED: _decided,
    cmi5.WAIVED: _waived,
}
