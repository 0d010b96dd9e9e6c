"""The verifier's schema step is the official schema, and names the member at fault."""

from collections.abc import Callable
from typing import Any

import pytest

from services.issuance.errors import CredentialRefused
from services.issuance.schema import require_official
from tests.unit.issuance.desk import Service, outcomes
from tests.unit.issuance.shapes import issued_as

Document = dict[str, Any]
Change = Callable[[Document], Any]


def rich() -> Document:
    return issued_as("all that can be said")


def achievement(**members: Any) -> Change:
    return lambda document: document["credentialSubject"]["achievement"].update(members)


WRONG: dict[str, tuple[Change, str]] = {
    "no subject": (lambda document: document.pop("credentialSubject"), ""),
    "a date without a time": (lambda document: document.update(awardedDate="2026-03-02"), "awardedDate"),
    "an unknown type of achievement": (achievement(achievementType="Diplom"), "achievementType"),
    "credits in words": (achievement(creditsAvailable="five"), "creditsAvailable"),
    "criteria as a text": (achievement(criteria="Pass."), "criteria"),
    "an alignment to nowhere": (achievement(alignment=[{"type": ["Alignment"], "targetName": "x"}]), "alignment.0"),
    "an image with a title": (achievement(image={"id": "urn:x", "type": "Image", "title": "x"}), "image"),
    "an unknown status": (
        lambda document: document["credentialSubject"]["result"][1].update(status="Done"),
        "result.1.status",
    ),
    "a status list without a type": (lambda document: document["credentialStatus"].pop("type"), "credentialStatus"),
    "an endorsement without a name": (lambda document: document["endorsement"][0].pop("name"), "endorsement.0"),
}


def test_what_we_issue_has_no_fault() -> None:
    require_official(rich())


@pytest.mark.parametrize("case", WRONG)
def test_what_the_official_schema_refuses_is_refused_with_its_place(case: str) -> None:
    change, place = WRONG[case]
    document = rich()
    change(document)

    with pytest.raises(CredentialRefused) as refused:
        require_official(document)

    assert refused.value.field.endswith(place)
    assert len(refused.value.reason) < 250


async def test_a_stranger_reads_where_the_schema_is_broken(issuance: Service) -> None:
    document = rich()
    document["awardedDate"] = "last spring"
    async with issuance.client() as client:
        answer = await client.post("/credentials/verify", json=document)

    assert outcomes(answer)[:2] == ["passed", "failed"]
    assert "awardedDate" in answer.json()["steps"][1]["words"]
