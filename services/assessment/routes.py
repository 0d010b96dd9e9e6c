"""Progress over HTTP: each component, what is missing, and why a learner passed or not."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from services.assessment.errors import ProgressUnknown
from services.assessment.explanation import explain
from services.assessment.store import ProgressBook
from shared.contracts.envelope import Identifier, LearnerRef
from shared.kit.auth import Caller, needs

Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
Percent = Annotated[float, Field(ge=0, le=100)]

_COMPONENT = {"attempts": 0, "unmarked": 0, "voided": 0, "missing": True}
_EXAMPLE: dict[str, Any] = {
    "learner_ref": "lrn-7f3a",
    "offering": "AAA/2013J",
    "enrolled": True,
    "passed": False,
    "passes": 0,
    "policy_version": "3f8a1c09be77",
    "grade_percent": 32.8,
    "pass_mark": 40,
    "attempts_counted": "best",
    "components": [
        {**_COMPONENT, "id": "tma-1", "weight": 40, "score_percent": 82.0, "attempts": 2, "missing": False},
        {**_COMPONENT, "id": "exam", "weight": 60},
    ],
    "missing": ["exam"],
    "held": 0,
    "not_in_policy": [],
    "reasons": [
        "The grade 32.8 is below the pass mark 40.",
        "No marked attempt counts at exam (weight 60); what is missing counts 0.",
    ],
}


class ComponentView(BaseModel):
    """One component as it counts."""

    model_config = ConfigDict(from_attributes=True)

    id: Identifier
    title: str | None = None
    weight: Number
    score_percent: Percent | None = Field(None, description="by the policy's rule; null where no marked attempt counts")
    attempts: int = Field(description="attempts with a mark that stands")
    unmarked: int = Field(description="attempts that still wait for their mark")
    voided: int = Field(description="attempts whose result was taken back")
    missing: bool = Field(description="no marked attempt counts; the component counts 0")


class ProgressView(BaseModel):
    """The standing of one learner on one offering, and why."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _EXAMPLE})

    learner_ref: LearnerRef
    offering: Identifier
    enrolled: bool
    passed: bool
    passes: int = Field(description="how often a pass was said; each but the standing one was withdrawn")
    policy_version: str | None = Field(None, description="the policy that the learner started under; null until then")
    waiting_for: str | None = Field(
        None, description="tenant/offering that must be published first; null when nothing is"
    )
    grade_percent: Percent | None = None
    pass_mark: Number | None = None
    attempts_counted: Literal["best", "last", "mean"] | None = None
    components: tuple[ComponentView, ...]
    missing: tuple[Identifier, ...] = Field(description="components without a marked attempt that counts")
    held: int = Field(description="results that are not graded yet, for want of an enrolment or an offering")
    not_in_policy: tuple[Identifier, ...] = Field(description="components that were reported and that no policy names")
    reasons: tuple[str, ...]


Reading = Annotated[Caller, Depends(needs("read"))]
Learner = Annotated[LearnerRef, Path(examples=["lrn-7f3a"])]
Offering = Annotated[Identifier, Path(description="may contain slashes", examples=["AAA/2013J"])]

router = APIRouter(prefix="/v1", tags=["progress"])


@router.get("/progress/{learner}/{offering:path}", responses={404: {"description": "nothing is known of this learner"}})
async def progress(request: Request, caller: Reading, learner: Learner, offering: Offering) -> ProgressView:
    """Show each component, what is missing, and why the learner passed or not."""
    found = await ProgressBook(request.app.state.reader).of(caller.tenant, learner, offering)
    if found is None:
        raise ProgressUnknown(learner, offering)
    return ProgressView.model_validate(explain(*found))
