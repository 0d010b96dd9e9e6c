"""What a check takes and answers: findings with their places and sources, and no verdict."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.enrolment import examples
from services.enrolment.catalogue.offering_views import Definition
from services.enrolment.frameworks.checking import Checked
from services.enrolment.frameworks.rules import RuleSet, Severity
from shared.contracts.credit import Credit
from shared.contracts.envelope import Identifier


class CheckRequest(BaseModel):
    """What to check: a definition as it would be published, or a published offering's name; all sets by default."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": examples.CHECK})

    offering: Identifier | None = None
    definition: Definition | None = None
    rule_sets: Annotated[list[Annotated[str, StringConstraints(max_length=80)]], Field(max_length=50)] | None = None

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        if (self.offering is None) == (self.definition is None):
            raise ValueError("give either a definition or the name of an offering")
        return self


class FoundView(BaseModel):
    """What stands at a place of the definition; null where there is nothing."""

    model_config = ConfigDict(from_attributes=True)

    path: str
    value: Any = None


class FindingView(BaseModel):
    """One thing that is not as a rule wants it, who wants it, and whether we read that in the original."""

    model_config = ConfigDict(from_attributes=True)

    rule: str
    severity: Severity
    path: str
    found: list[FoundView]
    wanted: str
    source: str
    read: Literal["original", "quoted"]
    overridden: str | None = Field(None, description="the institution's reason for not following a warning")


class MissingView(BaseModel):
    """One element that is not there, in the definition and in the European Learning Model."""

    model_config = ConfigDict(from_attributes=True)

    rule: str
    path: str
    elm: str


class CompletenessView(BaseModel):
    """How many elements of a group are there; those that only an award has are counted apart."""

    model_config = ConfigDict(from_attributes=True)

    rule_set: str
    group: str
    of: int
    said: int
    at_award: int
    not_applicable: int
    missing: list[MissingView]


class SizeView(BaseModel):
    """The size in one unit; `path` names the conversion, and is null for what is awarded."""

    amount: str
    unit: str
    path: str | None = None

    @classmethod
    def of(cls, credit: Credit) -> Self:
        """Show an amount to two decimals."""
        return cls(amount=str(credit.rounded()), unit=credit.unit, path=credit.via[0] if credit.via else None)


class CheckAnswer(BaseModel):
    """What came out of a check."""

    model_config = ConfigDict(json_schema_extra={"example": examples.CHECKED})

    rule_sets: list[str]
    rules: int = Field(description="how many rules were looked at")
    findings: list[FindingView]
    completeness: list[CompletenessView]
    sizes: list[SizeView]

    @classmethod
    def of(cls, result: Checked) -> Self:
        """Show what came out."""
        return cls(
            rule_sets=list(result.rule_sets),
            rules=result.rules,
            findings=[FindingView.model_validate(_plain(each)) for each in result.findings],
            completeness=[CompletenessView.model_validate(each) for each in result.completeness],
            sizes=[SizeView.of(each) for each in result.sizes],
        )


def _plain(finding: Any) -> dict[str, Any]:
    names = FindingView.model_fields.keys() - {"found"}
    return {**{name: getattr(finding, name) for name in names}, "found": [each._asdict() for each in finding.found]}


class RuleView(BaseModel):
    """One rule of a set."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    severity: Severity
    path: str
    wanted: str
    source: str
    read: Literal["original", "quoted"]
    overridable: bool


class RuleSetView(BaseModel):
    """One version of one framework, with its rules."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    about: str
    rules: list[RuleView]


class RuleSetList(BaseModel):
    """All rule sets."""

    items: list[RuleSetView]

    @classmethod
    def of(cls, sets: Iterable[RuleSet]) -> Self:
        """Show rule sets."""
        return cls(items=[RuleSetView.model_validate(each) for each in sets])
