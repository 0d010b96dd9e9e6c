"""What rules look at: an offering's definition as data, and beside it what follows from several places of it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from services.enrolment.frameworks.skills import skills_of
from shared.contracts.achievement import Level
from shared.contracts.credit import NZ, Credit, awarded
from shared.contracts.enrolment import Offering
from shared.contracts.standing import Act

Document = Mapping[str, Any]
_NEW_ZEALAND = ("NZQF", "NZQCF")


def document_of(offering: Offering, today: date | None = None) -> Document:
    """Return the definition as data, with `facts`; what is over by now is told where `today` is given."""
    return {**offering.model_dump(mode="json", exclude_none=True), "facts": _facts(offering, today)}


def credit_of(offering: Offering) -> Credit | None:
    """Return the credit in the unit that it is awarded in."""
    credits_ = offering.achievement.credits
    return awarded(credits_.available, credits_.unit) if credits_ else None


def _facts(offering: Offering, today: date | None) -> Document:
    about, standing = offering.achievement, offering.standing
    credit = credit_of(offering)
    levels = [*([about.level] if about.level else []), *about.further_levels]
    effort = offering.learning.effort if offering.learning else None
    acts = standing.listing.acts if standing and standing.listing else ()
    backings = standing.backings if standing else ()
    skills = list(skills_of(about.alignments))
    facts = {
        "advertised_hours": effort.total if effort else None,
        "credit": {credit.unit: float(credit.amount)} if credit else {},
        "hours_differ": _differing_hours(offering, credit),
        "eqf": _level_in(levels, "EQF"),
        "nzqf": _level_in(levels, *_NEW_ZEALAND),
        "any_level": [f"{level.framework} {level.level}" for level in levels],
        "skills": skills,
        "competency_frameworks": sorted({each["framework"] for each in skills}),
        "review_overdue": _overdue(offering, today),
        "names_in_title": list(_names_in_title(offering)),
        "approved_unlisted": [act.on.isoformat() for act in acts if act.kind == "approval" and not _listed(acts, act)],
        "accredited": [act.on.isoformat() for act in acts if act.kind == "accreditation"],
        "in_demand_says": [each.endorser for each in backings if each.in_demand and each.on],
        "performance_says": [each.endorser for each in backings if each.reflects_performance and each.on],
    }
    return {name: value for name, value in facts.items() if value is not None}


def _differing_hours(offering: Offering, credit: Credit | None) -> str | None:
    """Return how notional hours and credits of New Zealand, of ten hours each, differ; None where they agree."""
    hours = offering.achievement.notional_hours
    if credit is None or credit.unit != NZ or hours is None:
        return None
    stands_for = credit.along("NZ*10").amount
    if stands_for == Decimal(str(hours)):
        return None
    return f"{credit.amount.normalize():f} credits stand for {stands_for.normalize():f} hours"


def _overdue(offering: Offering, today: date | None) -> str | None:
    due = offering.terms.review_on if offering.terms else None
    return due.isoformat() if due is not None and today is not None and due < today else None


def _level_in(levels: list[Level], *frameworks: str) -> str | None:
    return next((level.level for level in levels if level.framework in frameworks), None)


def _names_in_title(offering: Offering) -> Iterator[Document]:
    title = offering.achievement.name.casefold()
    standing = offering.standing
    named = [("issuer.name", offering.issuer.name)]
    if standing and standing.awarding_body:
        named.append(("standing.awarding_body.name", standing.awarding_body.name))
    if standing and standing.listing and standing.listing.developer:
        named.append(("standing.listing.developer", standing.listing.developer))
    for path, name in named:
        if name.casefold() in title:
            yield {"path": "achievement.name", "name": f"{name} ({path})"}


def _listed(acts: tuple[Act, ...], approval: Act) -> bool:
    return any(act.kind == "listing" and act.on <= approval.on for act in acts)
