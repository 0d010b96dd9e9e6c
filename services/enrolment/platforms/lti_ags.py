"""Scores of LTI tools: Assignment and Grade Services 2.0, section 3.4 ("Score publish service").

A score is the standing mark of one user on one line item. A score that is not fully graded counts for nothing yet, and
one without points takes back what stood there: that is also how a tool deletes a result. `gradingProgress: Failed` says
that grading failed, never that the learner did. `timestamp` is the grader's; when the work was handed in stands in
`submission.submittedAt`, where the tool says so.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, StringConstraints, model_validator

from services.enrolment.platforms.door import Account, Note, Place, Sender, Translated
from services.enrolment.platforms.gradebook import Mark, mark
from services.enrolment.platforms.marks import before_its_mark
from services.enrolment.platforms.payload import Moment, Payload, Points, event, read
from shared.contracts.envelope import derived_id
from shared.contracts.platform import STANDING_MARK, ResultReported
from shared.contracts.wire import MalformedEvent

SOURCE = "lti-ags"
SCORE = "application/vnd.ims.lis.v1.score+json"
_SUBMITTED = "submission.submittedAt"

ActivityProgress = Literal["Initialized", "Started", "InProgress", "Submitted", "Completed"]
GradingProgress = Literal["FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"]
UserId = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Submission(Payload):
    """What is known of the work that the score is for; that it was begun says nothing here."""

    submitted_at: Annotated[Moment | None, Field(alias="submittedAt")] = None


class Score(Payload):
    """The body of a score; a comment is passed over, for it may name a person."""

    user_id: Annotated[UserId, Field(alias="userId")]
    activity_progress: Annotated[ActivityProgress, Field(alias="activityProgress")]
    grading_progress: Annotated[GradingProgress, Field(alias="gradingProgress")]
    timestamp: Moment
    score_given: Annotated[Points | None, Field(alias="scoreGiven", ge=0, le=1_000_000)] = None
    score_maximum: Annotated[Points | None, Field(alias="scoreMaximum", gt=0, le=1_000_000)] = None
    submission: Submission | None = None

    @model_validator(mode="after")
    def _points_have_a_maximum(self) -> Self:
        if self.score_given is not None and self.score_maximum is None:
            raise ValueError("scoreMaximum is missing; it stands beside scoreGiven")
        return self


class _Relayed(Payload):
    """A score that somebody passes on, with the line item that it was posted to, and whose user it names."""

    line_item: Annotated[str, Field(alias="lineItem", min_length=1, max_length=500)]
    issuer: Annotated[str, Field(min_length=1, max_length=300)]
    score: dict[str, Any]


def lti_ags(raw: Any, sender: Sender) -> Translated:
    """Return the result of a score that was passed on: `{"lineItem": …, "issuer": …, "score": {…}}`.

    Raises:
        ContractError: what is wrong with it, by member; a line item that no offering is delivered by.

    """
    relayed = read(_Relayed, raw)
    return score(relayed.score, sender, sender.courses.activity(relayed.line_item), relayed.issuer)


def score(raw: Any, sender: Sender, place: Place, home: str) -> Translated:
    """Return the result that a score reports on a component, and that it was handed in before where the score says so.

    `home` is who gives out the user ids.

    Raises:
        ContractError: what is wrong with it, by member.

    """
    given = read(Score, raw)
    if place.component is None:
        raise MalformedEvent("lineItem", "it stands for a whole offering; post to the line item of a component")
    told = _Told(given, sender, place, home)
    marked = mark(given.score_given, given.score_maximum or 100.0, field="scoreGiven")
    graded = told.graded(marked)
    submitted = given.submission.submitted_at if given.submission else None
    if submitted is None:
        return Translated((graded,), notes=marked.notes)
    if submitted > given.timestamp:
        note = Note(_SUBMITTED, "later than timestamp: when the work was handed in is taken to be unknown")
        return Translated((graded,), notes=(*marked.notes, note))
    # The mark first: work that is handed in again must not take back, for a moment, the mark that it had.
    return Translated((graded, told.handed_in(submitted)), notes=marked.notes)


class _Told(NamedTuple):
    """A score on its way, with the component that it is for."""

    score: Score
    sender: Sender
    place: Place
    home: str

    def graded(self, marked: Mark) -> ResultReported:
        """Return the mark."""
        given = self.score
        final = given.grading_progress == "FullyGraded"
        # Two scores of one user and one moment are two events, of which the greater id stands wherever they meet.
        fact = (given.timestamp.isoformat(), marked.score, marked.max_score, given.grading_progress)
        data = {"final": final, "score": marked.score, "max_score": marked.max_score}
        return self._says(given.timestamp, fact, data)

    def handed_in(self, moment: datetime) -> ResultReported:
        """Return that the work was handed in."""
        return self._says(
            before_its_mark(moment), ("submitted", moment.isoformat()), {"final": False, "max_score": 1.0}
        )

    def _says(self, time: datetime, fact: Iterable[object], data: Mapping[str, Any]) -> ResultReported:
        sender, place, user = self.sender, self.place, self.score.user_id
        return event(
            ResultReported,
            id=derived_id(sender.tenant, SOURCE, self.home, user, place.offering, place.component, *fact),
            source=SOURCE,
            time=time,
            tenant=sender.tenant,
            platform=sender.platform,
            traceparent=sender.traceparent,
            learner_ref=sender.learner_ref(Account(self.home, user)),
            data={"offering": place.offering, "component": place.component, "attempt": STANDING_MARK, **data},
        )
