"""What JSON-LD would drop or read under another name is an error."""

import copy
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from services.issuance.errors import DroppedTerm, UnknownContext
from services.issuance.jsonld.terms import require_all_signed
from tests.unit.issuance.builders import ISSUING, award, beside, offering, passed

Document = dict[str, Any]


def unsecured() -> Document:
    credential = ISSUING.passed(award(), passed(), beside(offering())).state.credentials[0]
    document: Document = orjson.loads(credential.document)
    del document["proof"]
    return document


def test_what_we_issue_is_signed_whole() -> None:
    require_all_signed(unsecured())


CHANGES: dict[str, Callable[[Document], Any]] = {
    "unknownTerm": lambda each: each.update(unknownTerm="x"),
    "issuer.unknownTerm": lambda each: each["issuer"].update(unknownTerm="x"),
    # Terms of one type are none of another.
    "issuer.narrative2": lambda each: each["issuer"].update(narrative2="x"),
    "targetName": lambda each: each.update(targetName="x"),
    # The same statement under another name: readers of the JSON would not see it.
    "https://www.w3.org/2018/credentials#validUntil": lambda each: each.update(
        {"https://www.w3.org/2018/credentials#validUntil": "2020-01-01T00:00:00Z"}
    ),
    "@type": lambda each: each.update({"@type": ["VerifiableCredential"]}),
    "@included": lambda each: each.update({"@included": [{"id": each["id"], "name": "x"}]}),
    "evidence": lambda each: each.update(evidence=[]),
    "description": lambda each: each.update(description=None),
    "name.0": lambda each: each.update(name=[["x"], "y"]),
    "id": lambda each: each.update(id="relative"),
    "type": lambda each: each.update(type=["VerifiableCredential", "Unheard"]),
    "issuer.id": lambda each: each["issuer"].update(id="https://bad iri"),
    "credentialStatus.statusListCredential": lambda each: each["credentialStatus"].update(statusListCredential="x"),
    "credentialSubject.achievement.creator": lambda each: each["credentialSubject"]["achievement"].update(
        creator={"id": each["id"], "validUntil": "2020-01-01T00:00:00Z"}
    ),
    "name": lambda each: each.update(name={"@value": "x", "@index": "y"}),
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_member_that_would_not_be_signed_is_named(field: str) -> None:
    document = copy.deepcopy(unsecured())
    CHANGES[field](document)

    with pytest.raises(DroppedTerm) as refused:
        require_all_signed(document)

    assert refused.value.field == field


def test_what_endorses_the_credential_itself_says_that_and_no_more_of_it() -> None:
    document = copy.deepcopy(unsecured())
    subject = {"id": document["id"], "type": ["EndorsementSubject"], "endorsementComment": "Good."}
    endorsement = {
        "@context": document["@context"],
        "id": "urn:uuid:2c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": "did:example:x",
        "credentialSubject": subject,
    }
    document["endorsement"] = [endorsement]
    require_all_signed(document)

    for more in ({"name": "Another"}, {"type": ["EndorsementSubject", "VerifiableCredential"]}):
        endorsement["credentialSubject"] = {**subject, **more}
        with pytest.raises(DroppedTerm, match="readers do not look"):
            require_all_signed(document)


@pytest.mark.parametrize("where", [("issuer",), ("credentialSubject", "achievement")])
@pytest.mark.parametrize("local", [{"name": "https://evil.example"}, "https://evil.example/context", [None]])
def test_a_context_of_its_own_is_refused_anywhere(where: tuple[str, ...], local: object) -> None:
    document = copy.deepcopy(unsecured())
    node = document
    for step in where:
        node = node[step]
    node["@context"] = local

    with pytest.raises(UnknownContext):
        require_all_signed(document)
