"""An offering is published only if every credential of it will be an Open Badge that everybody reads alike."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts.enrolment import OfferingPublished
from shared.kit.errors import RecordRefused
from tests.unit.issuance.builders import ISSUING, RICH, endorsement, published

Document = dict[str, Any]
Change = Callable[[Document], Any]

ENTRY = {
    "id": "https://ministry.example/status/1#94567",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": "https://ministry.example/status/1",
}
WRONG: dict[str, tuple[Change, str]] = {
    "two status entries": (lambda e: e.update(credentialStatus=[ENTRY]), "credentialStatus"),
    "a date in words": (lambda e: e.update(validFrom="yesterday"), "validFrom"),
    "a date without a time": (lambda e: e.update(validUntil="2030-01-01"), "validUntil"),
    "a number for a text": (lambda e: e["credentialSubject"].update(endorsementComment=5), "endorsementComment"),
    "a name in a language": (lambda e: e.update(name={"@value": "x", "@language": "en"}), "name"),
    "an issuer without a type": (lambda e: e["issuer"].pop("type"), "issuer"),
    "a term of one text only": (lambda e: e.update(endorsementJwt=["a.b.c"]), "endorsementJwt"),
    "another one": (lambda e: e.update(jti="urn:x:1"), "jti"),
    "a control character": (lambda e: e.update(description="a\x07b"), "description"),
}
PLACES: dict[str, Callable[[Document], OfferingPublished]] = {
    "credentialSubject.achievement.endorsement": lambda signed: published(endorsements=[signed]),
    "issuer.endorsement": lambda signed: published(issuer={"name": "OU", "endorsements": [signed]}),
    "endorsement": lambda signed: published(endorsed=[signed]),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("case", WRONG)
def test_an_endorsement_that_verifiers_would_trip_over_is_refused_with_its_place(case: str, place: str) -> None:
    change, member = WRONG[case]
    signed = endorsement()
    change(signed)

    with pytest.raises(RecordRefused, match="no credential can be made of it") as refused:
        ISSUING.offering_published(None, PLACES[place](signed))

    assert refused.value.field == "data.achievement"
    assert f"{place}." in refused.value.reason
    assert member in refused.value.reason


@pytest.mark.parametrize(
    "change", [lambda e: e.update(credentialStatus=ENTRY), lambda e: e.update(proof=e["proof"][0])]
)
def test_an_endorsement_as_open_badges_has_it_is_taken(change: Change) -> None:
    signed = endorsement()
    change(signed)

    assert ISSUING.offering_published(None, published(endorsements=[signed])).state is not None


def test_the_proof_of_another_endorsement_is_refused() -> None:
    copied = {**endorsement(1), "proof": endorsement(0)["proof"]}

    with pytest.raises(RecordRefused, match=r"endorsement\.0\.proof: is another endorsement's too"):
        ISSUING.offering_published(None, published(endorsements=[endorsement(0)], endorsed=[copied]))


def test_one_endorsement_in_two_places_is_taken() -> None:
    assert ISSUING.offering_published(None, published(endorsements=[endorsement()], endorsed=[endorsement()])).state


def test_all_that_an_offering_can_say_is_taken() -> None:
    assert ISSUING.offering_published(None, published(**RICH)).state is not None
