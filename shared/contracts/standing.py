"""What stands behind an offering: who awards it, who assures its quality, where it counts, who listed it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.envelope import Contract
from shared.contracts.profile import Organisation
from shared.contracts.texts import PlainLink, Text, Title


class QualityStatement(Contract):
    """What a provider publishes about how it assures quality: who it is, what it does, how it reviews."""

    url: PlainLink
    profile: bool | None = None
    processes: bool | None = None
    review: bool | None = None


class Quality(Contract):
    """One assurance of quality, by the provider itself or by somebody else."""

    kind: Literal["internal", "programme", "institution"]
    title: Title
    agency: Organisation | None = None
    url: PlainLink | None = None
    until: date | None = None
    statement: QualityStatement | None = None


class Progression(Contract):
    """A programme that the credit counts towards, and when that holds."""

    programme: Title
    provider: Title | None = None
    url: PlainLink | None = None
    since: date | None = None
    until: date | None = None


class Backing(Contract):
    """What a named employer or professional body said about the offering, and when."""

    endorser: Title
    on: date | None = None
    in_demand: bool | None = None
    reflects_performance: bool | None = None
    url: PlainLink | None = None


class Act(Contract):
    """What an authority did: it listed the offering, approved its content, or accredited a provider to deliver it."""

    kind: Literal["listing", "approval", "accreditation"]
    on: date
    authority: Title | None = None
    provider: Title | None = None


class Listing(Contract):
    """What a national register of micro-credentials lists; `code` is the field of study in that register's system."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=20)] | None = None
    use: Text | None = None
    relevance: Text | None = None
    abilities: Text | None = None
    pathways: Text | None = None
    community: Text | None = None
    developer: Title | None = None
    standards: Annotated[tuple[Title, ...], Field(max_length=50)] = ()
    review_months: Annotated[int, Field(ge=1, le=600)] | None = None
    need: Annotated[tuple[Title, ...], Field(max_length=20)] = ()
    """Who showed that it is needed: employers, industry, communities."""
    duplicates: bool | None = None
    """Whether it repeats what is approved already."""
    acts: Annotated[tuple[Act, ...], Field(max_length=50)] = ()


class Override(Contract):
    """A warning that the institution has looked at and does not follow, and why."""

    rule: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+@[a-z0-9-]+/[A-Za-z0-9.-]+$", max_length=80)]
    reason: Text


class Standing(Contract):
    """What stands behind an offering; an awarding body is named where it is not the issuer."""

    awarding_body: Organisation | None = None
    provider_kind: (
        Literal["university", "tertiary", "school", "standard-setting-body", "employer", "community", "other"] | None
    ) = None
    provider_regulated: bool | None = None
    quality: Annotated[tuple[Quality, ...], Field(max_length=10)] = ()
    credit_route: Literal["direct", "rpl"] | None = None
    ects_conformant: bool | None = None
    level_applies: bool | None = None
    """False where no framework of qualifications applies; left out, nobody has said."""
    counts_towards: Annotated[tuple[Progression, ...], Field(max_length=50)] = ()
    integration: Literal["stand-alone", "stackable", "integrated"] | None = None
    transcript: Annotated[
        tuple[Literal["learning-outcomes", "study-hours", "level", "credits"], ...], Field(max_length=4)
    ] = ()
    earner_owns: bool | None = None
    """Whether the credential and its data are the learner's own."""
    backings: Annotated[tuple[Backing, ...], Field(max_length=20)] = ()
    listing: Listing | None = None
    overrides: Annotated[tuple[Override, ...], Field(max_length=50)] = ()
