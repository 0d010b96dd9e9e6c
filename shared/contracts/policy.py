"""How an offering is graded: components and weights, and the rules that a policy may add to them."""

import hashlib
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, PlainSerializer, WithJsonSchema, model_validator

from shared.contracts.envelope import Contract, Identifier, Instant
from shared.contracts.texts import Title

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
Hours = Annotated[int, Field(ge=1, le=8760)]


class Component(Contract):
    """One assessed part of an offering and its weight in the grade; a weight of 0 is formative.

    `must_reach` is a mark without which nobody passes. Where `identity` is asked for, an attempt counts only with a
    check of identity that is bound to it. What is not `recognisable` has to be shown here.
    """

    id: Identifier
    title: Title | None = None
    weight: Weight
    must_reach: Percent | None = None
    due: Instant | None = None
    identity: bool = False
    recognisable: bool = True


class Group(Contract):
    """Components of one weight of which only the `best` so many count; the others leave the grade."""

    id: Identifier
    title: Title | None = None
    components: Annotated[tuple[Identifier, ...], Field(min_length=2, max_length=200)]
    best: Annotated[int, Field(ge=1, le=199)]


class LatePenalty(Contract):
    """What is handed in late loses `percent` of the maximum for each step begun, and all of it after the cut-off."""

    percent: Percent
    step_hours: Hours = 24
    cut_off_hours: Hours | None = None


class RecognitionRule(Contract):
    """What recognised learning does to the grade; it never passes an offering by itself.

    `excuse` takes the component's weight out of the grade; `contribute` counts the mark that was carried over, or
    `percent` where there is none. Of the whole weight at most `most_percent` is recognised, whole components only.
    """

    effect: Literal["excuse", "contribute"] = "contribute"
    percent: Percent | None = None
    most_percent: Percent = Decimal(100)


class Band(Contract):
    """A name for grades from `starts_at` percent on, up to the next band."""

    name: Title
    starts_at: Percent


class Policy(Contract):
    """How an offering is graded: the weighted mean of its components, in percent, against the pass mark.

    Of more than `attempts_limit` attempts at a component the first so many count: with 1 that is the first one. Every
    attempt but the first is capped at `resit_cap` percent. With `awaits_release` results count only once the
    institution has released them. Where the platform decides, its latest verdict does, and not the grade.
    """

    components: Annotated[tuple[Component, ...], Field(min_length=1, max_length=200)]
    pass_mark: Percent
    attempts: Literal["best", "last", "mean"] = "best"
    attempts_limit: Annotated[int, Field(ge=1, le=1000)] | None = None
    groups: Annotated[tuple[Group, ...], Field(max_length=100)] = ()
    late: LatePenalty | None = None
    resit_cap: Percent | None = None
    bands: Annotated[tuple[Band, ...], Field(max_length=50)] = ()
    awaits_release: bool = False
    recognition: RecognitionRule | None = None
    decided_by: Literal["grade", "platform"] = "grade"

    @model_validator(mode="after")
    def _can_be_graded(self) -> Self:
        ids = [component.id for component in self.components]
        if len(set(ids)) != len(ids):
            raise ValueError("components: two components share an id; give each its own")
        if not sum(component.weight for component in self.components):
            raise ValueError("components: all weights are 0; give at least one component a weight")
        return self

    @model_validator(mode="after")
    def _groups_can_be_chosen_from(self) -> Self:
        weights = {component.id: component.weight for component in self.components}
        seen: set[str] = set()
        for group in self.groups:
            if strange := sorted(set(group.components) - weights.keys()):
                raise ValueError(f"groups: {group.id} names {strange[0]}, which is no component")
            if seen.intersection(group.components) or len(set(group.components)) != len(group.components):
                raise ValueError(f"groups: {group.id} names a component that is in a group already")
            if group.best > len(group.components):
                raise ValueError(f"groups: {group.id} has fewer than {group.best} components")
            if len({weights[each] for each in group.components}) != 1:
                raise ValueError(f"groups: the components of {group.id} weigh differently; give them one weight")
            seen.update(group.components)
        return self

    @model_validator(mode="after")
    def _bands_are_told_apart(self) -> Self:
        for what in ({band.name for band in self.bands}, {band.starts_at for band in self.bands}):
            if len(what) != len(self.bands):
                raise ValueError("bands: two bands share a name or a beginning; give each its own")
        return self

    @property
    def version(self) -> str:
        """The policy's version: 12 hexadecimal digits of the SHA-256 of its content."""
        # Without defaults: a property added later must not rename the policies of today.
        content = self.model_dump_json(exclude_defaults=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]
