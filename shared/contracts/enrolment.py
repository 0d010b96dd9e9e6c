"""What enrolment publishes: offerings on `catalogue`, and who is enrolled on `enrolled`."""

import hashlib
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, PlainSerializer, StringConstraints, WithJsonSchema, model_validator

from shared.contracts.envelope import Contract, Event, Identifier, LearnerEvent

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"\S", strip_whitespace=True)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S", strip_whitespace=True)]
Percent = Annotated[
    Decimal,
    Field(ge=0, le=100, max_digits=7),
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}, mode="serialization"),
]
Weight = Annotated[
    Decimal,
    Field(ge=0, le=1_000_000, max_digits=12),
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1_000_000}, mode="serialization"),
]
Link = Annotated[
    HttpUrl,
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "format": "uri", "maxLength": 2083, "pattern": "^https?://"}, mode="serialization"
    ),
]


class Component(Contract):
    """One assessed part of an offering and its weight in the grade; a weight of 0 is formative."""

    id: Identifier
    title: Title | None = None
    weight: Weight


class Policy(Contract):
    """How an offering is graded: the weighted mean of its components, in percent, against the pass mark."""

    components: Annotated[tuple[Component, ...], Field(min_length=1, max_length=200)]
    pass_mark: Percent
    attempts: Literal["best", "last", "mean"] = "best"

    @model_validator(mode="after")
    def _can_be_graded(self) -> Self:
        ids = [component.id for component in self.components]
        if len(set(ids)) != len(ids):
            raise ValueError("components: two components share an id; give each its own")
        if not sum(component.weight for component in self.components):
            raise ValueError("components: all weights are 0; give at least one component a weight")
        return self

    @property
    def version(self) -> str:
        """The policy's version: 12 hexadecimal digits of the SHA-256 of its content."""
        # Without defaults: a property added later must not rename the policies of today.
        content = self.model_dump_json(exclude_defaults=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]


class Alignment(Contract):
    """A skill that the achievement shows (Open Badges 3.0, Alignment)."""

    target_name: Title
    target_url: Link
    target_framework: Title | None = None


class Achievement(Contract):
    """What is certified (Open Badges 3.0, Achievement)."""

    name: Title
    description: Text
    criteria: Text
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    alignments: Annotated[tuple[Alignment, ...], Field(max_length=50)] = ()


class Issuer(Contract):
    """The institution as it appears on credentials (Open Badges 3.0, Profile)."""

    name: Title
    url: Link | None = None


class Offering(Contract):
    """A micro-credential that learners can enrol on."""

    offering: Identifier
    achievement: Achievement
    issuer: Issuer
    policy: Policy


class Enrolment(Contract):
    """A place on an offering, and the platform's event that gave or ended it."""

    offering: Identifier
    registration_id: Identifier


class OfferingPublished(Event):
    """An offering, whole; the latest of one key stands."""

    type: Literal["microcred.offering.published.v1"] = "microcred.offering.published.v1"
    data: Offering

    @property
    def key(self) -> str:
        """The offering within its institution."""
        return f"{self.tenant}/{self.data.offering}"


class LearnerEnrolled(LearnerEvent):
    """A learner is enrolled from `time` on."""

    type: Literal["microcred.learner.enrolled.v1"] = "microcred.learner.enrolled.v1"
    data: Enrolment


class LearnerUnenrolled(LearnerEvent):
    """A learner is not enrolled from `time` on."""

    type: Literal["microcred.learner.unenrolled.v1"] = "microcred.learner.unenrolled.v1"
    data: Enrolment
