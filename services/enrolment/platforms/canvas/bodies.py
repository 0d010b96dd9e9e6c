"""What the live events of Canvas that matter here hold: metadata, and the body of each."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from services.enrolment.platforms.canvas.ids import CanvasId, shard_of
from services.enrolment.platforms.payload import Moment, Payload, Points

LONGEST_NAME = 200
Text = Annotated[str, Field(max_length=500)]
Score = Annotated[Points | None, Field(ge=-1_000_000, le=1_000_000)]


class Body(Payload):
    """Base of the bodies: Canvas writes ids as texts, and wrote them as numbers once."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


class Metadata(Body):
    """What is known of an event's origin; `user_id` is who acted there, seldom the learner, and is not read."""

    event_name: Annotated[str, Field(max_length=100)]
    event_time: Moment
    root_account_uuid: Annotated[Text, Field(min_length=1)]
    root_account_id: CanvasId | None = None
    context_type: Text | None = None
    context_id: CanvasId | None = None
    request_id: Text | None = None
    job_id: Text | None = None

    @property
    def course(self) -> str | None:
        """The course that the event happened in, if it happened in one."""
        return self.context_id if self.context_type == "Course" else None

    @property
    def shard(self) -> int:
        """Where local ids are at home: the shard of the course, or of the root account."""
        return shard_of(self.course) or shard_of(self.root_account_id)


class Enrollment(Body):
    """The body of `enrollment_created` and `enrollment_updated`."""

    enrollment_id: CanvasId
    course_id: CanvasId
    user_id: CanvasId
    type: Text
    workflow_state: Text
    user_name: str | None = None

    @property
    def person(self) -> dict[str, str]:
        """The personal data that stands beside, for the vault."""
        name = (self.user_name or "").strip()[:LONGEST_NAME]
        return {"name": name} if name else {}


class GradeChange(Body):
    """The body of `grade_change`: the mark of one submission; it does not say the course."""

    submission_id: CanvasId
    assignment_id: CanvasId
    user_id: CanvasId
    score: Score = None
    points_possible: Score = None
    grading_complete: bool = False
    muted: bool = False


class Submission(Body):
    """The body of `submission_created` and `submission_updated`; the work itself and its grade are not read."""

    submission_id: CanvasId
    assignment_id: CanvasId
    user_id: CanvasId
    attempt: Annotated[int | None, Field(strict=True)] = None
    submitted_at: Moment | None = None
    graded_at: Moment | None = None

    @property
    def handed_in(self) -> datetime | None:
        """When the work was handed in first; unknown where it was graded before, or handed in again."""
        first = self.attempt is None or self.attempt <= 1
        before = self.submitted_at is not None and (self.graded_at is None or self.submitted_at <= self.graded_at)
        return self.submitted_at if first and before else None


class CourseGradeChange(Body):
    """The body of `course_grade_change`, in percent; `final_score` counts work that is missing as zero."""

    course_id: CanvasId
    user_id: CanvasId
    workflow_state: Text = "active"
    final_score: Score = None


class Envelope(Payload):
    """A live event."""

    metadata: dict[str, Any]
    body: dict[str, Any]
