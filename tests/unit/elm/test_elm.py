"""The European Learning Model, trap by trap."""

import re
from typing import Any

import pytest

from shared.contracts.enrolment import Offering
from shared.elm import concepts
from shared.elm.offering import offering_document
from shared.elm.specification import Specified
from shared.elm.words import hours, points, weeks
from tests.unit.elm.documents import DOCUMENTS, PROFILE, ROOT, changed, credential, nodes, specification


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
