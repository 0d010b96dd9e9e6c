"""What a credential in the European Learning Model says of an award, and of nobody."""

from datetime import date

import pytest

from shared.contracts.examples.offering import DEFINITION
from shared.elm.credential import Learner
from shared.elm.offering import offering_document
from shared.elm.words import value
from tests.unit.elm.documents import NOBODY, changed, credential


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
