"""How an offering is learned and assessed: participation, effort, prerequisites, open material, kinds of assessment."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.envelope import Contract
from shared.contracts.texts import Language, PlainLink, Text, Title

Hours = Annotated[float, Field(gt=0, le=10_000)]
Participation = Literal["online", "blended", "presential", "workbased"]
"""How learners take part, in the words of the European Learning Model."""
AssessmentKind = Literal[
    "artefact",
    "attendance",
    "continuous",
    "group-performance",
    "guided-self-assessment",
    "marked-assignment",
    "oral-examination",
    "peer-assessment",
    "peer-review",
    "portfolio",
    "practical",
    "presentation",
    "problem",
    "project",
    "quiz",
    "self-assessment",
    "written-examination",
]
"""A kind of assessment, after the assessment types of the European Learning Model."""


class Effort(Contract):
    """What a provider advertises: hours in all, or weeks of so many hours. It is not the notional hours of an award."""

    hours: Hours | None = None
    weeks: Annotated[int, Field(ge=1, le=520)] | None = None
    hours_per_week: Annotated[float, Field(gt=0, le=168)] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.weeks is None) != (self.hours_per_week is None):
            raise ValueError("weeks and hours_per_week belong together; give both or neither")
        if self.weeks is None and self.hours is None:
            raise ValueError("give hours, or weeks and hours_per_week")
        return self

    @property
    def total(self) -> float:
        """All the hours that are advertised."""
        return self.hours if self.hours is not None else (self.weeks or 0) * (self.hours_per_week or 0)


class Material(Contract):
    """Open material that the course uses: where it is, and the licence under which it may be used."""

    title: Title
    url: PlainLink
    licence: PlainLink
    creator: Title | None = None


class Assessing(Contract):
    """How learners are assessed.

    `identity` is when it is verified who they are; a check at enrolment says nothing about who sat the assessment.
    """

    kinds: Annotated[tuple[AssessmentKind, ...], Field(max_length=20)] = ()
    summative: bool | None = None
    supervision: Literal["none", "online", "onsite"] | None = None
    identity: Literal["none", "enrolment", "assessment"] | None = None
    evidence_visible: bool | None = None
    """Whether what a learner made stands on the credential, for employers to see."""


class Learning(Contract):
    """How an offering is learned and assessed; `languages` are those of teaching and assessment."""

    participation: Participation | None = None
    languages: Annotated[tuple[Language, ...], Field(max_length=20)] = ()
    effort: Effort | None = None
    prerequisites: Text | None = None
    materials: Annotated[tuple[Material, ...], Field(max_length=50)] = ()
    assessing: Assessing | None = None
    field_of_education: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,4}$")] | None = None
    """ISCED-F 2013, with two to four digits."""
