"""One offering for each module's presentation; the assessments' weights, as the tables have them, are its policy.

Banked results are recognised: they contribute their score, and alone they are no pass.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from deploy.cli.errors import UnreadableInput
from deploy.cli.oulad.tables import MORNING, known, moment, read_table
from shared.contracts.achievement import Achievement
from shared.contracts.enrolment import Offering, OfferingPublished
from shared.contracts.envelope import derived_id
from shared.contracts.policy import Component, Policy, RecognitionRule
from shared.contracts.profile import Issuer

SOURCE = "https://analyse.kmi.open.ac.uk/open_dataset"
ISSUER = Issuer.model_validate({"name": "The Open University", "url": "https://www.open.ac.uk"})
PLANNING = timedelta(days=365)


class Assessment(NamedTuple):
    """One row of the assessments table."""

    id: str
    offering: str
    presentation: str
    kind: str
    weight: Decimal


def offering_id(module: str, presentation: str) -> str:
    """Return the id of a module's presentation as an offering: `AAA-2013J`."""
    return f"{module}-{presentation}"


def read_assessments(folder: Path) -> dict[str, Assessment]:
    """Return the assessments by id; raises `UnreadableInput` for a weight that is none."""
    found = {}
    for line, row in read_table(folder, "assessments"):
        try:
            weight = Decimal(known(row["weight"]) or 0)
        except InvalidOperation:
            cure = "correct the weight, in percent"
            raise UnreadableInput(f"assessments line {line}: weight {row['weight']!r} is no number", cure) from None
        offering = offering_id(row["code_module"], row["code_presentation"])
        found[row["id_assessment"]] = Assessment(
            row["id_assessment"], offering, row["code_presentation"], row["assessment_type"], weight
        )
    return found


def read_presentations(folder: Path) -> dict[str, str]:
    """Return the presentation of each offering of the courses table."""
    rows = (row for _, row in read_table(folder, "courses"))
    return {
        offering_id(row["code_module"], row["code_presentation"]): row["code_presentation"]
        for row in rows
    }  # fmt: skip


def publications(
    presentations: dict[str, str], assessments: Iterable[Assessment], tenant: str, pass_mark: Decimal
) -> tuple[list[OfferingPublished], list[str]]:
    """Return the offerings that can be graded, and the names of those that cannot: none of their work has a weight."""
    parts: dict[str, list[Assessment]] = defaultdict(list)
    for assessment in assessments:
        parts[assessment.offering].append(assessment)
    gradable = {name for name, work in parts.items() if any(each.weight for each in work)}
    published = [
        _published(name, parts[name], tenant, pass_mark)
        for name in sorted(gradable)
    ]  # fmt: skip
    return published, sorted((presentations.keys() | parts.keys()) - gradable)


def _published(name: str, work: list[Assessment], tenant: str, pass_mark: Decimal) -> OfferingPublished:
    components = tuple(Component(id=each.id, title=f"{each.kind} {each.id}", weight=each.weight) for each in work)
    policy = Policy(
        components=components, pass_mark=pass_mark, attempts="best", recognition=RecognitionRule(effect="contribute")
    )
    achievement = Achievement(
        name=f"Module {name}",
        description=f"Presentation {name} of the Open University Learning Analytics dataset.",
        criteria=f"A weighted grade of at least {pass_mark} % over {len(work)} assessments, not all of it recognised.",
    )
    return OfferingPublished(
        id=derived_id("oulad", tenant, name, policy.version),
        source=SOURCE,
        time=moment(work[0].presentation, "0", MORNING) - PLANNING,
        tenant=tenant,
        data=Offering(offering=name, achievement=achievement, issuer=ISSUER, policy=policy),
    )
