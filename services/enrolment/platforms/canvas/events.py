"""Canvas Live Events: enrolments, grades of assignments and grades of courses; all other events say nothing here.

Canvas names people and courses by global ids (the shard before thirteen digits) in most events and by local ones in
some; both are told as global ids. `course_completed` says that a module was worked through, which is no pass. A grade's
time is the grader's: when the work was handed in is told by `submission_created` and `submission_updated`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.enrolment.platforms.canvas.bodies import (
    CourseGradeChange,
    Enrollment,
    Envelope,
    GradeChange,
    Metadata,
    Submission,
)
from services.enrolment.platforms.canvas.ids import global_id, local_id
from services.enrolment.platforms.door import Account, Place, Sender, Translated
from services.enrolment.platforms.gradebook import mark
from services.enrolment.platforms.marks import before_its_mark
from services.enrolment.platforms.payload import P, event, read
from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.platform import STANDING_MARK, LearnerRegistered, LearnerUnregistered, ResultReported
from shared.contracts.wire import ContractError, MalformedEvent

SOURCE = "canvas"
#: Who no longer has a place; one that was concluded had it to the end, and one that was invited never had it.
_GONE = frozenset({"deleted", "inactive", "rejected"})


class _Happening(NamedTuple):
    metadata: Metadata
    body: Mapping[str, Any]
    sender: Sender


def canvas(raw: Any, sender: Sender) -> Translated:
    """Return what a live event says about learners: nothing, for most of them.

    Raises:
        ContractError: what is wrong with it, by member; a course or assignment that delivers no offering.

    """
    envelope = read(Envelope, raw)
    metadata = _part("metadata", Metadata, envelope.metadata)
    translate = _TRANSLATED.get(metadata.event_name)
    return Translated() if translate is None else translate(_Happening(metadata, envelope.body, sender))


def _enrollment(happening: _Happening) -> Translated:
    given = _part("body", Enrollment, happening.body)
    if given.type != "StudentEnrollment":
        return Translated()
    kind: type[LearnerRegistered | LearnerUnregistered]
    if given.workflow_state == "active":
        kind = LearnerRegistered
    elif given.workflow_state in _GONE:
        kind = LearnerUnregistered
    else:
        return Translated()
    place = _course(happening, given.course_id)
    change = _event(kind, happening, given.enrollment_id, given.user_id, {"offering": place.offering})
    return Translated((change,), {change.learner_ref: given.person} if given.person else {})


def _grade_change(happening: _Happening) -> Translated:
    given = _part("body", GradeChange, happening.body)
    if given.muted:  # not published to the learner: what was published before stands
        return Translated()
    place = _assignment(happening, given.assignment_id)
    # Nothing can be earned of nothing: a score of such an assignment is no mark.
    possible = given.points_possible or 0.0
    marked = mark(given.score if possible > 0 else None, possible if possible > 0 else 100.0, field="body.score")
    data = _result(place, marked.score, marked.max_score, final=given.grading_complete)
    return Translated(
        (_event(ResultReported, happening, given.submission_id, given.user_id, data),), notes=marked.notes
    )


def _submission(happening: _Happening) -> Translated:
    given = _part("body", Submission, happening.body)
    moment = given.handed_in
    if moment is None:
        return Translated()
    place = _assignment(happening, given.assignment_id)
    # Both events tell of one moment, and each change of the submission tells it again.
    named = (happening.metadata.root_account_uuid, given.submission_id, moment.isoformat())
    data = _result(place, None, 1.0, final=False)
    handed_in = _says(ResultReported, happening, given.user_id, data, named=named, time=before_its_mark(moment))
    return Translated((handed_in,))


def _course_grade_change(happening: _Happening) -> Translated:
    given = _part("body", CourseGradeChange, happening.body)
    place = _course(happening, given.course_id)
    if place.component is None or given.workflow_state != "active":
        return Translated()
    marked = mark(given.final_score, 100.0, field="body.final_score")
    # With missing work as zero it is the least that the learner has earned, so it may count at any time.
    data = _result(place, marked.score, marked.max_score, final=True)
    course = global_id(given.course_id, happening.metadata.shard)
    return Translated((_event(ResultReported, happening, course, given.user_id, data),), notes=marked.notes)


_TRANSLATED: Mapping[str, Callable[[_Happening], Translated]] = {
    "enrollment_created": _enrollment,
    "enrollment_updated": _enrollment,
    "grade_change": _grade_change,
    "course_grade_change": _course_grade_change,
    "submission_created": _submission,
    "submission_updated": _submission,
}


def _event(
    kind: type[LearnerEvent], happening: _Happening, thing: str, user: str, data: Mapping[str, Any]
) -> LearnerEvent:
    metadata = happening.metadata
    origin = (metadata.root_account_uuid, metadata.event_name, metadata.request_id or metadata.job_id or "")
    # One request may change one mark twice within a millisecond: what is said tells the two apart, in any order.
    told = (kind.TYPE, data.get("score"), data.get("max_score"), data.get("final"))
    named = (*origin, thing, metadata.event_time.isoformat(), *told)
    return _says(kind, happening, user, data, named=named, time=metadata.event_time)


def _says(  # noqa: PLR0913 - what an event is made of
    kind: type[LearnerEvent],
    happening: _Happening,
    user: str,
    data: Mapping[str, Any],
    *,
    named: Iterable[object],
    time: datetime,
) -> LearnerEvent:
    sender = happening.sender
    return event(
        kind,
        id=derived_id(sender.tenant, SOURCE, *named),
        source=SOURCE,
        time=time,
        tenant=sender.tenant,
        platform=sender.platform,
        traceparent=sender.traceparent,
        learner_ref=_learner(happening, user),
        data=data,
    )


def _learner(happening: _Happening, user: str) -> str:
    metadata = happening.metadata
    return happening.sender.learner_ref(Account(metadata.root_account_uuid, global_id(user, metadata.shard)))


def _result(place: Place, score: float | None, max_score: float, *, final: bool) -> dict[str, Any]:
    return {
        "offering": place.offering,
        "component": place.component,
        "attempt": STANDING_MARK,
        "final": final,
        "score": score,
        "max_score": max_score,
    }


def _course(happening: _Happening, course: str) -> Place:
    courses, shard = happening.sender.courses, happening.metadata.shard
    return _either(lambda form: courses.course(form(course, shard)))


def _assignment(happening: _Happening, assignment: str) -> Place:
    courses, shard, course = happening.sender.courses, happening.metadata.shard, happening.metadata.course
    place = _either(lambda form: courses.activity(form(assignment, shard), form(course, shard) if course else None))
    if place.component is None:
        raise MalformedEvent("body.assignment_id", f"assignment {assignment} counts for no component")
    return place


def _either(known: Callable[[Callable[[str, int], str]], Place]) -> Place:
    # Institutions read local ids in the addresses of their pages, and may have named course and assignment by those.
    # Both are always asked for, so that both are looked up at once.
    found: list[Place] = []
    faults: list[ContractError] = []
    for form in (global_id, local_id):
        try:
            found.append(known(form))
        except ContractError as error:
            faults.append(error)
    if not found:
        raise faults[0]
    return found[0]


def _part(name: str, kind: type[P], raw: Mapping[str, Any]) -> P:
    try:
        return read(kind, dict(raw))
    except MalformedEvent as error:
        raise MalformedEvent(f"{name}.{error.field}", error.reason) from error
