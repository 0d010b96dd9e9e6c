"""What each verb of xAPI means for us; all others mean nothing. Pure.

`completed` is not `passed`: without a mark it says nothing. A pass or a fail of a whole course is the platform's
verdict; of an activity it is a mark for its component, unmarked where no score stands with it.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from services.enrolment.platforms import cmi5, edx_xapi
from services.enrolment.platforms.door import Place
from services.enrolment.platforms.heard import Heard, component, first_known
from services.enrolment.platforms.marks import UNMARKED, mark_of
from services.enrolment.platforms.statement import Statement, activities
from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, LearningRecognised, VerdictReported
from shared.contracts.wire import ContractError, MalformedEvent

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
        return edx_xapi.is_open_edx(self.statement)

    def names(self) -> tuple[str, ...]:
        """Return what the object may be published as."""
        object_id = self.statement.object.id
        return edx_xapi.names_of(object_id) if self.is_open_edx else (object_id,)

    def course(self) -> Place:
        """Return the offering of the object, as a course or a run."""
        return first_known(self.heard.sender.courses.course, self.names())

    def activity(self) -> Place:
        """Return the component of the object."""
        return component(self.heard.sender.courses, self.names(), self._around())

    def _around(self) -> Iterator[str]:
        context = self.statement.context.context_activities
        for each in (*activities(context.parent), *activities(context.grouping)):
            yield from edx_xapi.names_of(each.id) if self.is_open_edx else (each.id,)

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
    return (said.heard.says(LearnerRegistered, {"offering": said.course().offering}),)


def _unregistered(said: Said) -> tuple[LearnerEvent, ...]:
    return (said.heard.says(LearnerUnregistered, {"offering": said.course().offering}),)


def _scored(said: Said) -> tuple[LearnerEvent, ...]:
    result = said.statement.result
    if result is None or result.score is None:
        raise MalformedEvent("result.score", "missing; this verb says nothing without one")
    mark = mark_of(result.score)
    place, _ = said.place()
    attempt = edx_xapi.GRADE if said.is_open_edx else None
    # The grade of a course for which no component is named counts for nothing.
    return (said.heard.result(place, mark, attempt),) if place.component else ()


def _completed(said: Said) -> tuple[LearnerEvent, ...]:
    result = said.statement.result
    return _scored(said) if result is not None and result.score is not None else ()


def _decided(said: Said) -> tuple[LearnerEvent, ...]:
    result = said.statement.result
    score = result.score if result is not None else None
    mark = UNMARKED if score is None else mark_of(score)
    place, is_whole = said.place()
    attempt = cmi5.attempt_of(said.statement) if said.is_cmi5 else None
    events: list[LearnerEvent] = []
    if place.component and (score is not None or not is_whole):
        events.append(said.heard.result(place, mark, attempt))
    if is_whole:
        passed = said.statement.verb.id == cmi5.PASSED
        verdict = {"offering": place.offering, "passed": passed}
        events.append(said.heard.says(VerdictReported, verdict, besides="verdict" if events else ""))
    return tuple(events)


def _waived(said: Said) -> tuple[LearnerEvent, ...]:
    if not said.is_cmi5:
        return ()
    place, is_whole = said.place()
    data = {"offering": place.offering, "reason": cmi5.reason_of(said.statement)}
    return (said.heard.says(LearningRecognised, data if is_whole else {**data, "component": place.component}),)


def _terminated(said: Said) -> tuple[LearnerEvent, ...]:
    if not said.is_open_edx or not edx_xapi.is_exam(said.statement):
        return ()
    return (said.heard.result(said.activity(), UNMARKED, edx_xapi.exam_attempt(said.statement), final=False),)


MEANINGS: dict[str, Callable[[Said], tuple[LearnerEvent, ...]]] = {
    _ADL + "registered": _registered,
    _TINCAN + "unregistered": _unregistered,
    _ADL + "scored": _scored,
    _TINCAN + "earned": _scored,
    cmi5.COMPLETED: _completed,
    cmi5.PASSED: _decided,
    cmi5.FAILED: _decided,
    cmi5.WAIVED: _waived,
    cmi5.TERMINATED: _terminated,
}
