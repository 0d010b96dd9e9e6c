"""Definitions of offerings, and what a check of one finds."""

from typing import Any

from services.enrolment.frameworks.checking import Checked, Finding, checked
from services.enrolment.frameworks.rules import rule_sets
from shared.contracts.enrolment import Offering

Definition = dict[str, Any]
BARE: Definition = {
    "offering": "x",
    "achievement": {"name": "Data skills", "description": "What it is", "criteria": "How to earn it"},
    "issuer": {"name": "Harbour"},
    "policy": {"components": [{"id": "exam", "weight": 1}, {"id": "essay", "weight": 1}], "pass_mark": 40},
}


def offering(**changed: Any) -> Offering:
    """Return an offering; `achievement` adds to what every one has."""
    achievement = BARE["achievement"] | changed.pop("achievement", {})
    return Offering.model_validate({**BARE, "achievement": achievement, **changed})


def held(against: str, **changed: Any) -> Checked:
    return checked(offering(**changed), [rule_sets()[against]])


def rules_of(result: Checked, *severities: str) -> set[str]:
    wanted = severities or ("required", "recommended", "note")
    return {each.rule.partition("/")[2] for each in result.findings if each.severity in wanted}


def finding(result: Checked, rule: str) -> Finding:
    return next(each for each in result.findings if each.rule.endswith(f"/{rule}"))


NZ: Definition = {
    "achievement": {
        "outcomes": [{"id": "a", "title": "A"}],
        "notional_hours": 100,
        "credits": {"available": 10, "unit": "NZ"},
        "level": {"framework": "NZQF", "level": "4", "url": "https://nzqf.example/4"},
    },
    "standing": {
        "listing": {
            "code": "020113",
            "use": "In New Zealand and elsewhere.",
            "relevance": "To employers.",
            "abilities": "Reads figures.",
            "pathways": "A certificate.",
            "community": "Evening classes.",
            "developer": "Kea Institute",
            "standards": ["US 1234"],
            "review_months": 24,
            "need": ["Kea Shipping"],
        }
    },
}


def nz(achievement: Definition | None = None, standing: Definition | None = None, **listing: Any) -> Definition:
    listed = {**NZ["standing"]["listing"], **listing}
    return {
        "achievement": {**NZ["achievement"], **(achievement or {})},
        "standing": {"listing": listed, **(standing or {})},
    }
