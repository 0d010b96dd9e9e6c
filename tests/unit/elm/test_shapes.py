"""Terms and shapes of the European Learning Model, as read from the context and the profile EDC of version 3."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from shared.elm.credential import Learner
from tests.unit.elm.documents import DOCUMENTS, NOBODY, credential, nodes

#: What the context of the profile EDC defines, as far as it is used here, and that of verifiable credentials.
_TERMS = """
additionalNote accreditation accreditingAgent address amount awardedBy awardingBody awardingDate
awardingOpportunity contactPoint contentURL countryCode creditPoint creditReceived credentialProfiles
dateOfBirth dcType description displayParameter duration eIDASIdentifier emailAddress endDate entryRequirement
eqfLevel expiryDate familyName framework fullAddress fullName givenName grade hasClaim hasPart homepage
idVerification identifier inScheme isPartOf isPartialQualification landingPage language
learningAchievementSpecification learningOutcome legalName location mode nationalID notation noteLiteral
nqfLevel point prefLabel priceDetail primaryLanguage provenBy providedBy relatedESCOSkill report
scheduleInformation schemeAgency schemeName spatial specifiedBy startDate supplementaryDocument temporal
thematicArea title unit value volumeOfLearning Accreditation Address Amount AwardingOpportunity AwardingProcess
Concept ConceptScheme ContactPoint CreditPoint DisplayParameter EuropeanDigitalCredential Identifier
LearningAchievement LearningAchievementSpecification LearningAssessment LearningAssessmentSpecification
LearningOpportunity LearningOutcome LegalIdentifier Location Mailbox Note Organisation PeriodOfTime Person
PriceDetail Qualification ShaclValidator2017 WebResource VerifiableCredential credentialSchema credentialSubject
expirationDate issuanceDate issued issuer validFrom validUntil
"""
TERMS = frozenset(_TERMS.split())
_IN_LANGUAGES = {
    "title",
    "description",
    "noteLiteral",
    "prefLabel",
    "legalName",
    "fullName",
    "givenName",
    "familyName",
    "schemeAgency",
}


def _terms(node: Any, *, texts: bool = False) -> Iterator[str]:
    if isinstance(node, dict):
        for key, inner in node.items():
            if key == "@context" or texts:
                continue
            if key == "type":
                yield from inner if isinstance(inner, list) else [inner]
            elif key not in {"id", "@graph"}:
                yield key
            yield from _terms(inner, texts=key in _IN_LANGUAGES)
    elif isinstance(node, list):
        for each in node:
            yield from _terms(each)


def test_every_key_and_type_is_a_term_of_the_context() -> None:
    learner = Learner(NOBODY.subject, "Aroha Tane", "Aroha", "Tane", date(1990, 5, 1), "7", "NZ")
    for document in (*DOCUMENTS, credential(learner=learner)):
        assert set(_terms(document)) - TERMS == set()


def test_id_and_type_are_defined_in_every_document() -> None:
    offered, awarded = DOCUMENTS
    # The context of the profile does not define them.
    assert offered["@context"] == [{"id": "@id", "type": "@type"}, "http://data.europa.eu/snb/model/context/edc-ap"]
    assert awarded["@context"][0] == "https://www.w3.org/2018/credentials/v1"


#: At least one of each, by the shapes of the profile; what sealing adds is not asked for here.
WANTED = {
    "EuropeanDigitalCredential": {
        "credentialProfiles",
        "displayParameter",
        "issuer",
        "credentialSubject",
        "issued",
        "validFrom",
        "credentialSchema",
    },
    "DisplayParameter": {"title", "primaryLanguage", "language"},
    "Person": {"hasClaim"},
    "LearningAchievement": {"title", "awardedBy"},
    "AwardingProcess": {"awardingBody"},
    "LearningAssessment": {"title", "grade", "awardedBy"},
    "LearningAssessmentSpecification": {"title"},
    "LearningOutcome": {"title"},
    "Qualification": {"title"},
    "CreditPoint": {"framework", "point"},
    "Organisation": {"legalName", "location"},
    "Address": {"countryCode"},
    "Accreditation": {"title", "dcType", "accreditingAgent"},
    "Amount": {"unit", "value"},
    "Note": {"noteLiteral"},
}


def test_every_node_has_what_its_shape_wants() -> None:
    seen: set[str] = set()
    for document in DOCUMENTS:
        for node in nodes(document):
            types = node.get("type", [])
            for kind in types if isinstance(types, list) else [types]:
                seen.add(kind)
                assert WANTED.get(kind, set()) <= node.keys(), (kind, node)
    assert WANTED.keys() <= seen
