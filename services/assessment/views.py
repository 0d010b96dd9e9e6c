"""Progress as it is shown: each component, what is missing, and why a learner passed or not."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from services.assessment.grading.marking import State
from shared.contracts.envelope import Identifier, LearnerRef

Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
Percent = Annotated[float, Field(ge=0, le=100)]
Recognised = Literal["recognised", "excused", "contributes", "not recognisable", "beyond the share"]

_COMPONENT: dict[str, Any] = {"attempts": 0, "unmarked": 0, "voided": 0, "missing": True}
_TRY: dict[str, Any] = {
    "number": 2,
    "attempt": "tma-1/2",
    "results": ["7c0c5ab8-3c9a-5a5e-9d6e-2f8a9f0c1b11"],
    "handed_in": "2026-10-06T10:00:00Z",
    "percent": 92.0,
    "penalty_points": 10.0,
    "capped": False,
    "worth": 82.0,
    "state": "counts",
    "why": "it counts; 10 points off: late by 2 step(s)",
}
_EXAMPLE: dict[str, Any] = {
    "learner_ref": "lrn-7f3a",
    "offering": "AAA/2013J",
    "enrolled": True,
    "passed": False,
    "passes": 0,
    "policy_version": "3f8a1c09be77",
    "began_under": "3f8a1c09be77",
    "grade_percent": 32.8,
    "band": None,
    "pass_mark": 40,
    "decided_by": "grade",
    "platform_verdict": None,
    "attempts_counted": "best",
    "components": [
        {
            **_COMPONENT,
            "id": "tma-1",
            "weight": 40,
            "score_percent": 82.0,
            "attempts": 1,
            "missing": False,
            "tries": [_TRY],
        },
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


class TryView(BaseModel):
    """One attempt: what it is worth, and whether it counts."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    attempt: Identifier | None = Field(None, description="the platform's name of it")
    results: tuple[Identifier, ...] = Field(description="the events that speak of it, over whichever route they came")
    handed_in: datetime
    percent: Percent | None = None
    penalty_points: Percent
    capped: bool
    worth: Percent | None = Field(None, description="less lateness and the cap of resits; null where it does not count")
    state: State
    why: str


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
    tries: tuple[TryView, ...] = Field((), description="every attempt, the first first")
    must_reach: Number | None = Field(None, description="without it nobody passes")
    reached: bool = True
    due: datetime | None = Field(None, description="for this learner, extensions counted in")
    group: Identifier | None = None
    dropped: bool = Field(False, description="not among the best of its group")
    recognised: Recognised | None = Field(None, description="what became of learning shown elsewhere; never a pass")
    why: tuple[str, ...] = ()


class ProgressView(BaseModel):
    """The standing of one learner on one offering, and why."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _EXAMPLE})

    learner_ref: LearnerRef
    offering: Identifier
    enrolled: bool
    passed: bool
    passes: int = Field(description="how often a pass was said; each but the standing one was withdrawn")
    policy_version: str | None = Field(None, description="the policy that the learner is judged under, if any yet")
    began_under: str | None = Field(None, description="the policy that the learner started under, before any migration")
    waiting_for: str | None = Field(
        None, description="tenant/offering that must be published first; null when nothing is"
    )
    grade_percent: Percent | None = None
    band: str | None = Field(None, description="the grade's name, where the policy has names")
    decided_by: Literal["grade", "platform"] | None = None
    platform_verdict: bool | None = Field(None, description="its latest word, whether it decides or not")
    pass_mark: Number | None = None
    attempts_counted: Literal["best", "last", "mean"] | None = None
    components: tuple[ComponentView, ...]
    missing: tuple[Identifier, ...] = Field(description="components without a marked attempt that counts")
    held: int = Field(description="results that are not graded yet, for want of an enrolment or an offering")
    not_in_policy: tuple[Identifier, ...] = Field(description="components that were reported and that no policy names")
    reasons: tuple[str, ...]
