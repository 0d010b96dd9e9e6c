"""A credential that ends says where its newer form is, and an old copy counts in that form."""

import pytest

from tests.unit.issuance.builders import passed, published
from tests.unit.issuance.desk import Service, outcomes
from tests.unit.issuance.test_life_routes import decide


@pytest.fixture
def ending(issuance: Service) -> Service:
    """Issuance with an offering whose credentials are good for a day: that of the pass is over."""
    known = issuance.issuing.offering_published(None, published(validity={"days": 1})).state
    issuance.beside = issuance.beside.__class__(known, issuance.beside.place)
    issuance.hear(passed())
    return issuance


async def test_what_ends_names_where_its_newer_form_is(ending: Service) -> None:
    document = ending.document()

    assert document["refreshService"] == {"id": f"{document['id']}.json", "type": "1EdTechCredentialRefresh"}
    async with ending.client() as client:
        assert (await client.get(document["refreshService"]["id"])).json() == document
        answer = await client.post("/credentials/verify", json=document)
    assert outcomes(answer)[4:] == ["failed", "passed"]
    assert "refreshed" not in answer.text


def test_what_never_ends_names_none(issuance: Service) -> None:
    issuance.hear(passed())

    assert "refreshService" not in issuance.document()


async def test_an_old_copy_of_a_renewed_credential_stands_and_says_so(ending: Service) -> None:
    old = ending.document()
    assert (await decide(ending, "renew", valid_until="2999-01-01T00:00:00Z")).status_code == 202

    async with ending.client() as client:
        answer = await client.post("/credentials/verify", json=old)

    assert answer.json()["verified"] is True
    assert f"read the newer one at {old['refreshService']['id']}" in answer.json()["steps"][4]["words"]


async def test_an_old_copy_of_a_corrected_one_does_not(ending: Service) -> None:
    old = ending.document()
    assert (await decide(ending, "correct", grade_percent=12.0)).status_code == 202

    async with ending.client() as client:
        answer = await client.post("/credentials/verify", json=old)

    assert answer.json()["verified"] is False
    assert "only the newer one stands" in answer.json()["steps"][5]["words"]
