"""Scores of LTI tools: Assignment and Grade Services 2.0, section 3.4 ("Score publish service").

A score is the standing mark of one user on one line item. A score that is not fully graded counts for nothing yet, and
one without points takes back what stood there: that is also how a tool deletes a result. `gradingProgress: Failed` says
that grading failed, never that the learner did.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from services.enrolment.platforms.door import Account, Place, Sender, Translated
from services.enrolment.platforms.gradebook import GRADE, mark
from services.enrolment.platforms.payload import Moment, Payload, Points, event, read
from shared.contracts.envelope import derived_id
from shared.contracts.platform import ResultReported
from shared.contracts.wire import MalformedEvent

SOURCE = "lti-ags"
SCORE = "application/vnd.ims.lis.v1.score+json"

ActivityProgress = Literal["Initialized", "Started", "InProgress", "Submitted", "Completed"]
GradingProgress = Literal["FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"]
UserId = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Score(Payload):
    """The body of a score; a comment is passed over, for it may name a person."""

    user_id: Annotated[UserId, Field(alias="userId")]
    activity_progress: Annotated[ActivityProgress, Field(alias="activityProgress")]
    grading_progress: Annotated[GradingProgress, Field(alias="gradingProgress")]
    timestamp: Moment
    score_given: Annotated[Points | None, Field(alias="scoreGiven", ge=0, le=1_000_000)] = None
    score_maximum: Annotated[Points | None, Field(alias="scoreMaximum", gt=0, le=1_000_000)] = None

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
    """Return the result that a score reports on a component; `home` is who gives out the user ids.

    Raises:
        ContractError: what is wrong with it, by member.

    """
    given = read(Score, raw)
    if place.component is None:
        raise MalformedEvent("lineItem", "it stands for a whole offering; post to the line item of a component")
    marked = mark(given.score_given, given.score_maximum or 100.0, field="scoreGiven")
    final = given.grading_progress == "FullyGraded"
    # Two scores of one user and one moment are two events, of which the greater id stands wherever they meet.
    told = (given.timestamp.isoformat(), marked.score, marked.max_score, given.grading_progress)
    result = event(
        ResultReported,
        id=derived_id(sender.tenant, SOURCE, home, given.user_id, place.offering, place.component, *told),
        source=SOURCE,
        time=given.timestamp,
        tenant=sender.tenant,
        platform=sender.platform,
        traceparent=sender.traceparent,
        learner_ref=sender.learner_ref(Account(home, given.user_id)),
        data={
            "offering": place.offering,
            "component": place.component,
            "attempt": GRADE,
            "final": final,
            "score": marked.score,
            "max_score": marked.max_score,
        },
    )
    return Translated((result,), notes=marked.notes)
