"""What was awarded, as a European Digital Credential of the European Learning Model 3, before anybody seals it.

What sealing adds is not here: the seal, and the picture of the credential. Who the learner is stands here only as far
as whoever asks says it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.contracts.enrolment import Offering
from shared.elm import concepts
from shared.elm.offering import CONTEXT
from shared.elm.specification import Specified
from shared.elm.words import given, midnight, moment, said

Document = dict[str, Any]
_CREDENTIALS = "https://www.w3.org/2018/credentials/v1"
_SCHEMA = "http://data.europa.eu/snb/model/ap/edc-generic-full"


@dataclass(frozen=True, slots=True)
class Learner:
    """Who the learner is, as far as the caller says; `subject` is the id on the credential, which names nobody."""

    subject: str
    full_name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    date_of_birth: date | None = None
    national_id: str | None = None
    national_id_country: str | None = None


@dataclass(frozen=True, slots=True)
class Awarded:
    """One award: the credential's own address, its dates, and the grade in percent as text."""

    credential: str
    awarded: datetime
    issued: datetime
    valid_from: datetime
    grade: str
    valid_until: datetime | None = None


def credential_document(offering: Offering, root: str, award: Awarded, learner: Learner) -> Document:
    """Return the credential; the parts of what it certifies are named below `root`."""
    specified = Specified(offering, root)
    title, tongue = offering.achievement.name, concepts.language(specified.language)
    ends = (
        {"validUntil": moment(award.valid_until), "expirationDate": moment(award.valid_until)}
        if award.valid_until
        else {}
    )
    display = given(
        id=f"{award.credential}#display",
        type="DisplayParameter",
        title=said(title, specified.language),
        description=said(offering.achievement.description, specified.language),
        primaryLanguage=tongue,
        language=[tongue] if tongue else None,
    )
    return {
        "@context": [_CREDENTIALS, CONTEXT],
        "id": award.credential,
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "credentialProfiles": [concepts.generic_credential()],
        "credentialSchema": [{"id": _SCHEMA, "type": "ShaclValidator2017"}],
        "displayParameter": display,
        "issuer": specified.issuer(),
        "issued": moment(award.issued),
        "issuanceDate": moment(award.issued),
        "validFrom": moment(award.valid_from),
        **ends,
        "credentialSubject": {**_person(learner, specified.language), "hasClaim": [_achievement(specified, award)]},
    }


def _person(learner: Learner, language: str) -> Document:
    return given(
        id=learner.subject,
        type="Person",
        fullName=said(learner.full_name, language),
        givenName=said(learner.given_name, language),
        familyName=said(learner.family_name, language),
        dateOfBirth=midnight(learner.date_of_birth) if learner.date_of_birth else None,
        nationalID=_national_id(learner),
    )


def _national_id(learner: Learner) -> Document | None:
    if not learner.national_id:
        return None
    spatial = concepts.country(learner.national_id_country or "")
    return given(id=f"{learner.subject}#id", type="LegalIdentifier", notation=learner.national_id, spatial=spatial)


def _achievement(specified: Specified, award: Awarded) -> Document:
    about, standing = specified.offering.achievement, specified.offering.standing
    return given(
        id=f"{award.credential}#achievement",
        type="LearningAchievement",
        title=said(about.name, specified.language),
        awardedBy=_process(specified, award, "award"),
        creditReceived=specified.credit("credit-received")
        if standing is None or standing.credit_route != "rpl"
        else None,
        provenBy=[_assessment(specified, award)],
        specifiedBy=specified.document(),
    )


def _process(specified: Specified, award: Awarded, part: str) -> Document:
    return {
        "id": f"{award.credential}#{part}",
        "type": "AwardingProcess",
        "awardingBody": [specified.awarding_body()],
        "awardingDate": moment(award.awarded),
    }


def _assessment(specified: Specified, award: Awarded) -> Document:
    learning = specified.offering.learning
    assessing = learning.assessing if learning else None
    known = assessing and assessing.supervision and assessing.identity
    return given(
        id=f"{award.credential}#assessment",
        type="LearningAssessment",
        title={"en": "Overall assessment"},
        grade={"id": f"{award.credential}#grade", "type": "Note", "noteLiteral": {"en": f"{award.grade} %"}},
        awardedBy=_process(specified, award, "assessment-award"),
        idVerification=concepts.supervision(assessing.supervision, assessing.identity)
        if known and assessing and assessing.supervision and assessing.identity
        else None,
        specifiedBy=_kinds(specified),
    )


def _kinds(specified: Specified) -> Document | None:
    """Return the one kind of assessment, or a whole whose parts are the kinds: a specification has one type."""
    kinds = specified.assessments()
    if len(kinds) <= 1:
        return kinds[0] if kinds else None
    return {
        "id": specified.name("assessment"),
        "type": "LearningAssessmentSpecification",
        "title": {"en": "Overall assessment"},
        "dcType": concepts.own("assessment", " and ".join(each["title"]["en"] for each in kinds)),
        "hasPart": kinds,
    }
