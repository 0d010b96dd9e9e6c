"""An offering's credential as a document: Open Badges 3.0 AchievementCredential on VC 2.0.

Pure. Sources: Open Badges 3.0, section B.1 (data models); Verifiable Credentials Data Model 2.0, section 4.
What all credentials of one shape share is prepared once; what differs from learner to learner stands in slots.
"""

import calendar
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from services.issuance.achievement import Graded, achievement_document, component_id, grade_id, status_id
from services.issuance.jsonld.contexts import CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES
from services.issuance.jsonld.skeleton import Skeleton, prepared
from services.issuance.names import Names
from services.issuance.passes import Offering
from services.issuance.profile import issuer
from services.issuance.shape import Said, Shape, shape_for, slots_of
from services.issuance.wording import given, number, percent
from shared.contracts.enrolment import Offering as Definition
from shared.contracts.envelope import derived_id, utc

__all__ = ["CONTEXTS", "Names", "achievement", "expiry", "shape_of", "skeleton_of", "slots_of", "subject_id"]

Document = dict[str, Any]

CONTEXTS = [CREDENTIALS_V2, OPEN_BADGES, EXTENSIONS]
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}
_REFRESH = "1EdTechCredentialRefresh"


def achievement(offering: Offering, names: Names) -> Document:
    """Return what is certified as it stands at its own address: as on a credential of today, and what none can carry.

    That are endorsements in the form VC-JWT (docs/decisions/0152): of the achievement, and of its issuer, who created
    it where nobody else did.
    """
    definition = _definition(offering)
    document = achievement_document(definition.achievement, _url(offering, names), _graded(offering))
    publisher = definition.issuer
    if publisher.endorsement_jwts and "creator" not in document:
        profile = issuer(publisher, names.issuer(offering.tenant))
        document["creator"] = {**profile, "endorsementJwt": list(publisher.endorsement_jwts)}
    return {**document, **given(endorsementJwt=list(definition.achievement.endorsement_jwts))}


def shape_of(offering: Offering, said: Said, *, ends: bool) -> Shape:
    """Return the shape of a pass's credential."""
    return shape_for(said, _graded(offering), ends=ends)


@lru_cache(maxsize=1024)
def skeleton_of(offering: Offering, names: Names, shape: Shape | None = None) -> Skeleton:
    """Return the prepared credential of an offering, compiled once for each of its versions and each shape.

    Raises:
        SkeletonUnfit, CredentialRefused: no credential can be made of it.

    """
    shape = shape or Shape(_graded(offering))
    definition, url = _definition(offering), _url(offering, names)
    about = definition.achievement
    document = given(
        id="",
        type=["VerifiableCredential", "AchievementCredential"],
        name=about.name,
        issuer=issuer(definition.issuer, names.issuer(offering.tenant)),
        validFrom="",
        validUntil="" if shape.ends else None,
        awardedDate="",
        credentialSubject=given(
            id="",
            type=["AchievementSubject"],
            achievement=achievement_document(about, url, shape.graded),
            creditsEarned=number(about.credits.available) if about.credits else None,
            result=_results(url, shape),
            **dict.fromkeys(shape.said, ""),
        ),
        evidence=[{"type": ["Evidence"], **dict.fromkeys(each, "")} for each in shape.evidence],
        endorsement=list(definition.endorsements),
        credentialSchema=[SCHEMA],
        credentialStatus={
            "id": "",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "",
            "statusListCredential": "",
        },
        # What ends may be renewed: the newest form stands at the `.json` of its address (`shape.py`).
        refreshService={"id": "", "type": _REFRESH} if shape.ends else None,
    )
    document = {"@context": CONTEXTS, **document}
    return prepared(document, slots_of(document))


def expiry(offering: Offering, moment: datetime) -> datetime | None:
    """Return when a credential of this moment ends: so many days later, or on that day so many months later.

    A month without that day ends it on the month's last day; an offering without a validity never does.
    """
    validity = _definition(offering).achievement.validity
    if validity is None:
        return None
    start = utc(moment)
    if validity.days is not None:
        return start + timedelta(days=validity.days)
    return datetime.combine(_later(start.date(), validity.months or 0), start.timetz())


def subject_id(tenant: str, learner_ref: str) -> str:
    """Return the learner's id on all credentials of one institution: derived, so that no reference is published."""
    return f"urn:uuid:{derived_id('learner', tenant, learner_ref)}"


@lru_cache(maxsize=1024)
def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


@lru_cache(maxsize=1024)
def _definition(offering: Offering) -> Definition:
    return Definition.model_validate_json(offering.definition)


@lru_cache(maxsize=1024)
def _graded(offering: Offering) -> Graded:
    policy = _definition(offering).policy
    return Graded(percent(policy.pass_mark), tuple((each.id, each.title) for each in policy.components))


def _url(offering: Offering, names: Names) -> str:
    return names.achievement(offering.tenant, offering.offering)


def _results(url: str, shape: Shape) -> list[Document]:
    parts = [_result(component_id(url, each), value="") for each in shape.scored]
    return [_result(grade_id(url), value=""), _result(status_id(url), status="Completed"), *parts]


def _result(description: str, **said: str) -> Document:
    return {"type": ["Result"], "resultDescription": description, **said}
