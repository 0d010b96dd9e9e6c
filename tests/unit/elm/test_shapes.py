"""Documents of the European Learning Model held against the shapes of its application profile EDC."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, SH, Graph

from shared.contracts.enrolment import Offering
from shared.contracts.examples.offering import DEFINITION
from shared.elm.credential import Learner
from shared.elm.offering import offering_document
from tests.unit.elm.documents import DOCUMENTS, NOBODY, changed, credential, nodes
from tests.unit.elm.profile import PROFILE, compact, graph_of, shapes, terms

#: What sealing adds: the picture of each page, and whose seal it is unless the institution has said so.
SEALING = {"elm:individualDisplay", "cred:issuer"}
_OF_CREDENTIALS = """
credentialSchema credentialSubject expirationDate issuanceDate issued issuer validFrom validUntil VerifiableCredential
"""
#: What the context of verifiable credentials defines, as far as it is used here.
OF_CREDENTIALS = frozenset(_OF_CREDENTIALS.split())
SEAL = [{"identifier": "VATGB-1", "identifier_type": "ext:eIDASIdentifier"}]
PROGRAMME = [{"kind": "programme", "title": "Programme review"}]
LEARNER = Learner(NOBODY.subject, "Aroha Tane", "Aroha", "Tane", date(1990, 5, 1), "7", "NZ")


def assessed(*kinds: str) -> dict[str, Any]:
    return {"assessing": {"kinds": kinds, "summative": True, "supervision": "none", "identity": "none"}}


OFFERINGS: Mapping[str, Offering] = {
    "everything": DEFINITION,
    "no level": changed(achievement={"level": None, "further_levels": []}),
    "a national level": changed(achievement={"level": None}),
    "credit of the UK": changed(achievement={"credits": {"available": 15, "unit": "UK CATS"}}),
    "one kind of assessment": changed(learning=assessed("portfolio")),
    "three kinds of assessment": changed(learning=assessed("quiz", "portfolio", "oral-examination")),
    "quality of the programme": changed(standing={"quality": PROGRAMME}),
    "by recognition": changed(standing={"credit_route": "rpl"}),
    "the least": changed(learning=None, standing=None, terms=None, runs=[], achievement={"credits": None}),
}
EACH = pytest.mark.parametrize("offering", OFFERINGS.values(), ids=OFFERINGS)


def violations(document: Any) -> set[str]:
    """Return the properties at which a document breaks the shapes."""
    _, report, _ = pyshacl.validate(graph_of(document), shacl_graph=shapes(), inference="none")
    assert isinstance(report, Graph)
    return {compact(report.value(each, SH.resultPath)) for each in report.objects(None, SH.result)}


@EACH
def test_an_award_lacks_nothing_but_what_sealing_adds(offering: Offering) -> None:
    assert violations(credential(offering)) == SEALING
    assert violations(credential(offering, LEARNER)) == SEALING


@EACH
def test_an_offering_lacks_nothing(offering: Offering) -> None:
    assert violations(offering_document(offering, "urn:microcred:ou")) == set()


def test_an_institution_that_says_its_seal_leaves_the_picture_to_sealing() -> None:
    assert violations(credential(changed(issuer={"other_identifiers": SEAL}))) == {"elm:individualDisplay"}


def test_an_institution_without_a_country_is_told_as_one() -> None:
    assert violations(credential(changed(issuer={"address": None}))) == SEALING | {"elm:location"}


@pytest.mark.parametrize(
    ("kind", "broken", "path"),
    [
        ("Organisation", {"legalName": {}}, "rov:legalName"),
        ("LearningAssessment", {"grade": None}, "elm:grade"),
        ("LearningAssessment", {"grade": [{"id": f"urn:{n}", "type": "Note"} for n in (1, 2)]}, "elm:grade"),
        ("Qualification", {"volumeOfLearning": "125 hours"}, "elm:volumeOfLearning"),
        ("Qualification", {"mode": {"id": "urn:online", "type": "Note"}}, "elm:mode"),
        ("WebResource", {"contentURL": None}, "elm:contentUrl"),
    ],
)
def test_what_is_broken_is_seen(kind: str, broken: dict[str, Any], path: str) -> None:
    document = credential()
    for node in nodes(document):
        if node.get("type") == kind:
            node.update(broken)
    assert path in violations(document)


def _terms(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _terms(each)
    if not isinstance(node, dict):
        return
    for key, inner in node.items():
        if key in {"type", "@type"}:
            yield from inner if isinstance(inner, list) else [inner]
        elif key not in {"id", "@context", "@graph"}:
            yield key
        of_term = terms().get(key, {})
        if isinstance(of_term, str) or of_term.get("@container") != "@language":
            yield from _terms(inner) if key != "@context" else ()


def test_every_class_of_the_profile_is_written() -> None:
    classes = {name.partition(":")[2] for name in PROFILE["shapes"]}
    # The one stands in for a qualification without a level, the other is of institutions that say their seal.
    assert classes - set(_terms(list(DOCUMENTS))) == {"LearningAchievementSpecification", "LegalIdentifier"}


@EACH
def test_every_key_and_type_is_a_term_of_the_context(offering: Offering) -> None:
    for document in (credential(offering, LEARNER), offering_document(offering, "urn:microcred:ou")):
        assert set(_terms(document)) - terms().keys() - OF_CREDENTIALS == set()


@EACH
def test_every_property_is_one_of_its_class(offering: Offering) -> None:
    for document in (credential(offering, LEARNER), offering_document(offering, "urn:microcred:ou")):
        graph = graph_of(document)
        for node, kind in graph.subject_objects(RDF.type):
            if compact(kind) == "cred:VerifiableCredential":
                continue
            found = {compact(each) for each in graph.predicates(node)} - {"rdf:type", "elm:nationalID"}
            assert found <= PROFILE["shapes"][compact(kind)].keys(), (kind, node)


def test_id_and_type_are_defined_in_every_document() -> None:
    offered, awarded = DOCUMENTS
    # The context of the profile does not define them.
    assert offered["@context"] == [{"id": "@id", "type": "@type"}, "http://data.europa.eu/snb/model/context/edc-ap"]
    assert awarded["@context"][0] == "https://www.w3.org/2018/credentials/v1"
