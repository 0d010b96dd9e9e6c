"""Rule sets: what each version of a framework asks of an offering, read from the data files in `sets/`."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.enrolment.frameworks.conditions import Condition

Severity = Literal["required", "recommended", "note"]
"""What the framework demands, what it advises or warns of, and what is only good to know."""


class Rule(BaseModel):
    """One rule: where to look, what is wanted, who says so, and whether that was read in the original or as quoted.

    It is looked at only where `applies` holds. `overridable` warnings may be set aside with a reason. `group` and `elm`
    are for sets that count what is there; an element that is known `at_award` only is not asked of an offering.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+$", max_length=40)]
    severity: Severity = "required"
    path: str
    wanted: str
    source: str
    read: Literal["original", "quoted"] = "original"
    check: Condition | None = None
    applies: Condition | None = None
    overridable: bool = False
    group: Literal["mandatory", "optional"] | None = None
    elm: str | None = None
    at_award: bool = False


class RuleSet(BaseModel):
    """One version of one framework."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+@[a-z0-9-]+$")]
    name: str
    about: str
    since: date | None = None
    until: date | None = None
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


@cache
def rule_sets() -> Mapping[str, RuleSet]:
    """Return all rule sets by id, in the order of their ids."""
    folder = files(__package__) / "sets"
    texts = [each.read_text("utf-8") for each in folder.iterdir() if each.name.endswith(".toml")]
    sets = [RuleSet.model_validate(tomllib.loads(text)) for text in texts]
    return {each.id: each for each in sorted(sets, key=lambda one: one.id)}
