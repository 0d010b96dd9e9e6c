"""What an offering certifies (Open Badges 3.0, Achievement); what is not given is not said on the credential."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.envelope import Contract, Identifier
from shared.contracts.profile import EndorsementJwts, Endorsements, Organisation, OtherIdentifier
from shared.contracts.texts import Image, Language, Link, PlainLink, Text, Title

AchievementType = Annotated[
    str,
    StringConstraints(
        pattern=r"^(Achievement|ApprenticeshipCertificate|Assessment|Assignment|AssociateDegree|Award|Badge"
        r"|BachelorDegree|Certificate|CertificateOfCompletion|Certification|CommunityService|Competency|Course"
        r"|CoCurricular|Degree|Diploma|DoctoralDegree|Fieldwork|GeneralEducationDevelopment|JourneymanCertificate"
        r"|LearningProgram|License|Membership|ProfessionalDoctorate|QualityAssuranceCredential|MasterCertificate"
        r"|MasterDegree|MicroCredential|ResearchDoctorate|SecondarySchoolDiploma|ext:[A-Za-z0-9._-]{1,100})$"
    ),
    Field(description="A kind of achievement as Open Badges 3.0 lists them; any other begins with `ext:`."),
]
TargetType = Annotated[
    str,
    StringConstraints(
        pattern=r"^(ceasn:Competency|ceterms:Credential|CFItem|CFRubric|CFRubricCriterion|CFRubricCriterionLevel|CTDL"
        r"|ext:[A-Za-z0-9._-]{1,100})$"
    ),
    Field(description="A kind of alignment as Open Badges 3.0 lists them; any other begins with `ext:`."),
]
Amount = Annotated[float, Field(gt=0, le=10_000)]


class Alignment(Contract):
    """A skill that the achievement shows (Open Badges 3.0, Alignment)."""

    target_name: Title
    target_url: Link
    target_framework: Title | None = None
    target_framework_version: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    target_code: Title | None = None
    target_description: Text | None = None
    target_type: TargetType | None = None


class Outcome(Contract):
    """What a learner can do afterwards; without `url` it is named after the achievement.

    `assessed_by` are the components of the policy that assess it.
    """

    id: Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9._-]+$")]
    title: Title
    statement: Text | None = None
    code: Title | None = None
    url: PlainLink | None = None
    assessed_by: Annotated[tuple[Identifier, ...], Field(max_length=50)] = ()


class Credits(Contract):
    """How many credits, whole ones or quarters, in which unit; `unit_url` names the unit's system."""

    available: Amount
    unit: Title = "ECTS"
    unit_url: PlainLink | None = None

    @model_validator(mode="after")
    def _is_in_quarters(self) -> Self:
        # Quarters are exact in binary. Of other numbers canonicalisers write other digits, and a signature breaks.
        if not (self.available * 4).is_integer():
            raise ValueError(f"available {self.available:g}: give whole credits, or halves and quarters of one")
        return self


class Level(Contract):
    """The level within a framework of qualifications: of the EQF 1 to 8, of others with the address that names it."""

    framework: Title = "EQF"
    level: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"\S")]
    name: Title | None = None
    url: PlainLink | None = None

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.framework == "EQF" and self.level not in set("12345678"):
            raise ValueError(f"level {self.level}: the EQF has the levels 1 to 8")
        if self.framework != "EQF" and self.url is None:
            raise ValueError(f"url: give the address that names level {self.level} of {self.framework}")
        return self


class Validity(Contract):
    """How long a credential is valid, from the pass on: so many months, or so many days."""

    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.months is None) == (self.days is None):
            raise ValueError("give either months or days")
        return self


class Related(Contract):
    """Another achievement that belongs to this one, such as the same in another language."""

    id: PlainLink
    language: Language | None = None
    version: Title | None = None


class Achievement(Contract):
    """What is certified (Open Badges 3.0, Achievement)."""

    name: Title
    description: Text
    criteria: Text
    criteria_url: PlainLink | None = None
    language: Language = "en"
    achievement_type: AchievementType = "MicroCredential"
    image: Image | None = None
    image_caption: Title | None = None
    human_code: Title | None = None
    version: Title | None = None
    field_of_study: Title | None = None
    specialization: Title | None = None
    tags: Annotated[tuple[Title, ...], Field(max_length=50)] = ()
    alignments: Annotated[tuple[Alignment, ...], Field(max_length=50)] = ()
    outcomes: Annotated[tuple[Outcome, ...], Field(max_length=50)] = ()
    credits: Credits | None = None
    notional_hours: Amount | None = None
    level: Level | None = None
    further_levels: Annotated[tuple[Level, ...], Field(max_length=5)] = ()
    validity: Validity | None = None
    related: Annotated[tuple[Related, ...], Field(max_length=20)] = ()
    other_identifiers: Annotated[tuple[OtherIdentifier, ...], Field(max_length=10)] = ()
    creator: Organisation | None = None
    endorsements: Endorsements = ()
    endorsement_jwts: EndorsementJwts = ()

    @model_validator(mode="after")
    def _is_told_apart(self) -> Self:
        for name, ids in (("outcomes", self.outcomes), ("related", self.related)):
            if len({each.id for each in ids}) != len(ids):
                raise ValueError(f"{name}: two of them share an id; give each its own")
        return self


class Evidence(Contract):
    """What a learner made, as the platform reports it: an address, a text, or both; nothing that names a person."""

    url: PlainLink | None = None
    name: Title | None = None
    description: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    narrative: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    genre: Title | None = None
    audience: Title | None = None

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        if self.url is None and self.narrative is None:
            raise ValueError("evidence has a url or a narrative; give at least one")
        return self


class ComponentResult(Contract):
    """What one component of the policy came to; without `score_percent` no marked attempt counts.

    `recognised` says that the learning was shown elsewhere and recognised, not passed here.
    """

    component: Identifier
    title: Title | None = None
    score_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    recognised: Literal[True] | None = None
