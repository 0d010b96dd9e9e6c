"""An offering as a graph of the European Learning Model 3: what it certifies, and where it can be taken."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from shared.contracts.enrolment import CourseRun, Offering
from shared.contracts.money import Price
from shared.elm.concepts import currency, mode
from shared.elm.specification import Specified
from shared.elm.words import given, midnight, note, said, value, weeks

Document = dict[str, Any]
CONTEXT = "http://data.europa.eu/snb/model/context/edc-ap"
#: The model's context leaves these two to that of verifiable credentials, which has no place on an offering.
_NAMED = {"id": "@id", "type": "@type"}


def offering_document(offering: Offering, root: str) -> Document:
    """Return the graph of an offering; its parts are named below `root` and its own name."""
    specified = Specified(offering, f"{root}:{quote(offering.offering, safe='')}")
    specification = specified.document()
    awarding = {
        "id": specified.name("awarding-opportunity"),
        "type": "AwardingOpportunity",
        "awardingBody": specified.awarding_body(),
        "learningAchievementSpecification": {"id": specification["id"]},
    }
    offered = {**specification, "awardingOpportunity": [awarding]}
    return {"@context": [_NAMED, CONTEXT], "@graph": [offered, *_opportunities(specified)]}


def _opportunities(specified: Specified) -> Iterator[Document]:
    """Yield where it can be taken: each run of a course, or the offering as such where no run is known."""
    for place, run in enumerate(specified.offering.runs):
        yield _opportunity(specified, f"run-{place}", list(_identifiers(specified, place, run)))
    if not specified.offering.runs:
        yield _opportunity(specified, "opportunity", [])


def _opportunity(specified: Specified, part: str, identifiers: list[Document]) -> Document:
    offering, learning, terms = specified.offering, specified.offering.learning, specified.offering.terms
    effort = learning.effort if learning else None
    return given(
        id=specified.name(part),
        type="LearningOpportunity",
        title=said(offering.achievement.name, specified.language),
        identifier=identifiers,
        providedBy=specified.issuer(),
        learningAchievementSpecification={"id": specified.name("specification")},
        mode=mode(learning.participation) if learning and learning.participation else None,
        duration=weeks(effort.weeks) if effort and effort.weeks else None,
        scheduleInformation=note(
            specified.name(f"{part}-effort"), f"{effort.total:g} hours as advertised" if effort else None, "en"
        ),
        temporal=_period(specified, part),
        priceDetail=[
            _price(specified, f"{part}-price-{n}", each) for n, each in enumerate(terms.prices if terms else ())
        ],
    )


def _identifiers(specified: Specified, place: int, run: CourseRun) -> Iterator[Document]:
    for kind, name in (("course", run.course), ("run", run.run)):
        if name:
            yield given(
                id=specified.name(f"run-{place}-{kind}"),
                type="Identifier",
                notation=name,
                schemeName="course" if kind == "course" else "course run",
                schemeAgency=said(run.platform, specified.language),
            )


def _period(specified: Specified, part: str) -> Document | None:
    terms = specified.offering.terms
    dates = given(
        startDate=midnight(terms.opens) if terms and terms.opens else None,
        endDate=midnight(terms.closes) if terms and terms.closes else None,
    )
    return {"id": specified.name(f"{part}-period"), "type": "PeriodOfTime", **dates} if dates else None


def _price(specified: Specified, part: str, price: Price) -> Document:
    amount = {
        "id": specified.name(f"{part}-amount"),
        "type": "Amount",
        "unit": currency(price.currency),
        "value": value(price),
    }
    told = f"{price.includes or 'the offering'}, as of {price.on.isoformat()}"
    return given(
        id=specified.name(part),
        type="PriceDetail",
        amount=amount,
        additionalNote=note(specified.name(f"{part}-note"), told, specified.language),
    )
