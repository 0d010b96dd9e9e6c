"""The European Learning Model, trap by trap; what a profile's shapes want is read from the profile EDC of version 3."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.contracts.enrolment import Offering
from shared.contracts.examples.offering import DEFINITION
from shared.elm import concepts
from shared.elm.credential import Awarded, Learner, credential_document
from shared.elm.offering import offering_document
from shared.elm.specification import Specified
from shared.elm.words import hours, points, value, weeks

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AWARD = Awarded(
    credential="https://credentials.example/credentials/1",
    awarded=AT,
    issued=AT.replace(day=3),
    valid_from=AT.replace(day=4),
    grade="71.5",
    valid_until=AT.replace(year=2029),
)
NOBODY = Learner("urn:uuid:8c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de")
ROOT = "https://credentials.example/issuers/ou/achievements/dl"
PROFILE = "http://data.europa.eu/snb/"


def changed(**parts: Any) -> Offering:
    definition = DEFINITION.model_dump(mode="json")
    for part, value_ in parts.items():
        definition[part] = value_ if value_ is None or isinstance(value_, list) else {**definition[part], **value_}
    return Offering.model_validate(definition)


def specification(offering: Offering = DEFINITION) -> Any:
    return Specified(offering, ROOT).document()


def credential(offering: Offering = DEFINITION, learner: Learner = NOBODY) -> Any:
    return credential_document(offering, ROOT, AWARD, learner)


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for key, each in node.items():
            if key != "@context":
                yield from nodes(each)
    elif isinstance(node, list):
        for each in node:
            yield from nodes(each)


DOCUMENTS = [offering_document(DEFINITION, "urn:microcred:ou"), credential()]


@pytest.mark.parametrize(("amount", "text"), [(60, "PT60H"), (12.5, "PT12H30M"), (0.5, "PT0H30M"), (125, "PT125H")])
def test_hours_are_hours_and_not_months(amount: float, text: str) -> None:
    assert hours(amount) == text
    assert weeks(12) == "P84D"
    offering = changed(achievement={"notional_hours": amount})
    assert specification(offering)["volumeOfLearning"] == text
    assert "P60M" not in str(specification(changed(achievement={"notional_hours": 60})))


def test_the_volume_of_learning_is_the_notional_hours_and_never_what_is_advertised() -> None:
    advertised = changed(achievement={"notional_hours": None}, learning={"effort": {"hours": 60}})
    assert "volumeOfLearning" not in specification(advertised)
    opportunity = offering_document(advertised, "urn:x")["@graph"][1]
    assert opportunity["scheduleInformation"]["noteLiteral"] == {"en": "60 hours as advertised"}


def test_a_qualification_only_where_there_is_a_level() -> None:
    assert specification()["type"] == "Qualification"
    unlevelled = specification(changed(achievement={"level": None, "further_levels": []}))
    assert unlevelled["type"] == "LearningAchievementSpecification"
    # None of these stands on a specification that is no qualification.
    assert not {"eqfLevel", "nqfLevel", "isPartialQualification", "accreditation"} & unlevelled.keys()
    national = specification(changed(achievement={"level": None}))
    assert national["type"] == "Qualification"
    assert "eqfLevel" not in national
    assert national["nqfLevel"][0]["id"] == "http://data.europa.eu/snb/qdr/c_c392e7a2"


def test_the_level_stands_under_the_contexts_own_key() -> None:
    assert specification()["eqfLevel"]["id"] == "http://data.europa.eu/snb/eqf/6"
    for document in DOCUMENTS:
        keys = {key for node in nodes(document) for key in node}
        # What the context calls eqfLevel, nqfLevel, thematicArea, dcType is called so here.
        assert not {"EQFLevel", "NQFLevel", "ISCEDFCode", "dc:type"} & keys
        assert {"eqfLevel", "nqfLevel", "thematicArea", "dcType"} <= keys
        assert all(key.isascii() for key in keys)


@pytest.mark.parametrize(("amount", "text"), [(5, "5"), (7.5, "7.5"), (0.25, "0.25"), (10, "10"), (100.0, "100")])
def test_a_point_is_a_text(amount: float, text: str) -> None:
    assert points(amount) == text
    point = specification(changed(achievement={"credits": {"available": amount}}))["creditPoint"]
    assert point["point"] == text
    assert point["framework"]["id"] == PROFILE + "education-credit/6fcec5c5af"


def test_credit_stays_in_its_own_unit() -> None:
    point = specification(changed(achievement={"credits": {"available": 15, "unit": "UK CATS"}}))["creditPoint"]
    assert point["point"] == "15"
    assert point["framework"]["id"] != PROFILE + "education-credit/6fcec5c5af"
    assert point["framework"]["prefLabel"] == {"en": "UK"}


def test_a_credential_says_when_it_was_issued_from_when_it_holds_and_when_it_was_awarded() -> None:
    document = credential()
    assert (document["issued"], document["validFrom"]) == ("2026-03-03T09:30:00Z", "2026-03-04T09:30:00Z")
    assert document["validUntil"] == document["expirationDate"] == "2029-03-02T09:30:00Z"
    assert document["credentialSubject"]["hasClaim"][0]["awardedBy"]["awardingDate"] == "2026-03-02T09:30:00Z"


def test_quality_assurance_is_there_though_samples_leave_it_out() -> None:
    body = credential()["credentialSubject"]["hasClaim"][0]["awardedBy"]["awardingBody"][0]
    (accreditation,) = body["accreditation"]
    assert {"title", "dcType", "accreditingAgent"} <= accreditation.keys()
    assert accreditation["accreditingAgent"]["legalName"] == {"en": "Quality Agency"}
    programme = {"kind": "programme", "title": "Programme review"}
    assert specification(changed(standing={"quality": [programme]}))["accreditation"][0]["title"] == {
        "en": "Programme review"
    }
    unlevelled = changed(standing={"quality": [programme]}, achievement={"level": None, "further_levels": []})
    assert Specified(unlevelled, ROOT).awarding_body()["accreditation"][0]["title"] == {"en": "Programme review"}


def test_the_awarding_body_may_be_another_than_the_issuer() -> None:
    other = {"id": "https://academy.example/", "name": "Academy", "address": {"country_code": "IE"}}
    document = credential(changed(standing={"awarding_body": other}))
    body = document["credentialSubject"]["hasClaim"][0]["awardedBy"]["awardingBody"][0]
    assert (body["id"], body["legalName"]) == ("https://academy.example/", {"en": "Academy"})
    assert body["location"]["address"]["countryCode"]["id"].endswith("/country/IRL")
    assert document["issuer"]["legalName"] == {"en": "Open University"}


@pytest.mark.parametrize(
    ("made", "iri"),
    [
        (concepts.country("IE"), "http://publications.europa.eu/resource/authority/country/IRL"),
        (concepts.country("GB"), "http://publications.europa.eu/resource/authority/country/GBR"),
        (concepts.language("en-GB"), "http://publications.europa.eu/resource/authority/language/ENG"),
        (concepts.language("de"), "http://publications.europa.eu/resource/authority/language/DEU"),
        (concepts.language("mi"), "http://publications.europa.eu/resource/authority/language/MRI"),
        (concepts.mode("online"), PROFILE + "learning-assessment/920fbb3cbe"),
        (concepts.mode("blended"), PROFILE + "learning-assessment/e92d221e4d"),
        (concepts.mode("presential"), PROFILE + "learning-assessment/9191af2ed9"),
        (concepts.mode("workbased"), PROFILE + "learning-assessment/729f3bed4b"),
        (concepts.assessment("written-examination"), PROFILE + "assessment/6e6cb2cc78"),
        (concepts.assessment("portfolio"), PROFILE + "assessment/4f03b91c0e"),
        (concepts.assessment("project"), PROFILE + "assessment/795dac4096"),
        (concepts.supervision("none", "none"), PROFILE + "supervision-verification/c598449d64"),
        (concepts.supervision("none", "enrolment"), PROFILE + "supervision-verification/c598449d64"),
    ],
)
def test_concepts_are_named_by_whole_iris(made: Any, iri: str) -> None:
    assert made["id"] == iri
    assert (made["type"], made["inScheme"]["type"]) == ("Concept", "ConceptScheme")


def test_what_is_not_known_is_left_out_and_nothing_is_made_up() -> None:
    assert concepts.country("ZZ") is None
    assert concepts.language("xx") is None
    assert concepts.supervision("onsite", "assessment")["id"].startswith("urn:microcred:concept:")
    bare = Offering.model_validate(
        {
            "offering": "x",
            "achievement": {"name": "A", "description": "B", "criteria": "C"},
            "issuer": {"name": "I"},
            "policy": {"components": [{"id": "e", "weight": 1}], "pass_mark": 40},
        }
    )
    for document in (offering_document(bare, "urn:x"), credential(bare)):
        for node in nodes(document):
            assert None not in node.values()
            assert [] not in node.values()
    assert "location" not in credential(bare)["issuer"]


def test_every_reference_is_an_iri_with_one_fragment_and_every_concept_has_a_scheme() -> None:
    for document in DOCUMENTS:
        for node in nodes(document):
            name = node.get("id")
            assert name is None or re.fullmatch(r"[a-z]+:[^\s#<>\"{}|\\^`]+(#[^\s#<>\"{}|\\^`]*)?", name), name
            if node.get("type") == "Concept":
                assert node["inScheme"]["id"]
                assert node["prefLabel"]


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


def test_the_annex_is_complete_in_an_awarded_credential() -> None:
    learner = Learner(NOBODY.subject, full_name="Aroha Tane", date_of_birth=date(1990, 5, 1))
    document = credential(learner=learner)
    subject, (claim,) = document["credentialSubject"], document["credentialSubject"]["hasClaim"]
    specified = claim["specifiedBy"]
    assert subject["fullName"] == {"en": "Aroha Tane"}
    assert subject["dateOfBirth"] == "1990-05-01T00:00:00Z"
    assert claim["title"] == specified["title"] == {"en": "Data Literacy"}
    assert document["issuer"]["location"]["address"]["countryCode"]["id"].endswith("/country/GBR")
    assert specified["learningOutcome"][0]["title"] == {"en": "Questions data"}
    assert specified["learningOutcome"][1]["relatedESCOSkill"]["id"].startswith("http://data.europa.eu/esco/skill/")
    assert specified["mode"]["prefLabel"] == {"en": "Online"}
    kinds = claim["provenBy"][0]["specifiedBy"]["hasPart"]
    assert [each["dcType"]["prefLabel"]["en"] for each in kinds] == ["quiz", "project work"]
    assert claim["provenBy"][0]["grade"]["noteLiteral"] == {"en": "71.5 %"}
    assert claim["creditReceived"]["point"] == "5"
    assert specified["entryRequirement"]["noteLiteral"]["en"].startswith("Reads tables")
    assert specified["isPartialQualification"] is True


def test_nobody_is_named_unless_the_caller_says_who_it_is() -> None:
    person = credential()["credentialSubject"]
    assert set(person) == {"id", "type", "hasClaim"}
    named = credential(learner=Learner(NOBODY.subject, given_name="Aroha", national_id="7", national_id_country="NZ"))
    assert named["credentialSubject"]["nationalID"]["spatial"]["id"].endswith("/country/NZL")


def test_a_course_and_its_run_are_two_identifiers() -> None:
    _, opportunity = offering_document(DEFINITION, "urn:microcred:ou")["@graph"]
    assert [(each["schemeName"], each["notation"]) for each in opportunity["identifier"]] == [
        ("course", "course-v1:OU+DL"),
        ("course run", "course-v1:OU+DL+2026"),
    ]


@pytest.mark.parametrize(
    ("amount", "currency", "text"), [(39_900, "GBP", "399.00"), (12_050, "JPY", "12050"), (1_500, "KWD", "1.500")]
)
def test_minor_units_become_a_decimal_of_their_currency(amount: int, currency: str, text: str) -> None:
    offering = changed(terms={"prices": [{"amount": amount, "currency": currency, "on": "2026-01-01"}]})
    assert offering.terms is not None
    assert value(offering.terms.prices[0]) == text
    price = offering_document(offering, "urn:x")["@graph"][1]["priceDetail"][0]
    assert price["amount"]["value"] == text
    assert price["amount"]["unit"]["id"].endswith(f"/currency/{currency}")
    assert "2026-01-01" in price["additionalNote"]["noteLiteral"]["en"]


def test_the_identifier_of_a_seal_is_spelled_with_a_latin_i() -> None:
    identifiers = [{"identifier": "VATGB-1", "identifier_type": "ext:eIDASIdentifier"}]
    issuer = credential(changed(issuer={"other_identifiers": identifiers}))["issuer"]
    assert issuer["eIDASIdentifier"]["notation"] == "VATGB-1"
    assert "identifier" not in issuer
