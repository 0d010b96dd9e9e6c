"""VC-API: how the status of a credential is changed."""

from typing import Any

import pytest

from tests.unit.issuance.builders import passed
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.calls import bearer, post

ENTRY = {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"}


async def change(service: Service, status: bool, purpose: str = "suspension", **more: Any):  # noqa: FBT001
    body = {
        "credentialId": service.document()["id"],
        "credentialStatus": {**ENTRY, "statusPurpose": purpose, **more},
        "status": status,
    }
    answer = await post(service, "/credentials/status", body, "credentials:write")
    service.carry_out()
    return answer


async def test_a_status_is_set_taken_back_and_set_for_good(issuance: Service) -> None:
    issuance.hear(passed())
    outcomes = []
    for status, purpose in (
        (True, "suspension"),
        (True, "suspension"),
        (False, "suspension"),
        (False, "revocation"),
        (True, "revocation"),
        (True, "revocation"),
        (False, "revocation"),
    ):
        answer = await change(issuance, status, purpose)
        outcomes.append((answer.status_code, issuance.award.credentials[0].status))

    assert outcomes == [
        (202, "suspended"),
        (200, "suspended"),
        (202, "active"),
        (200, "active"),
        (202, "revoked"),
        (200, "revoked"),
        (409, "revoked"),
    ]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"statusListIndex": "1"}, "credentialStatus.statusListIndex"),
        ({"statusListCredential": "https://a.example/"}, "credentialStatus.statusListCredential"),
        ({"type": "MadeUp"}, "credentialStatus.type"),
        ({"statusSize": 1}, "credentialStatus.statusSize"),
    ],
)
async def test_an_entry_that_is_not_the_credentials_is_refused(
    issuance: Service, more: dict[str, Any], field: str
) -> None:
    issuance.hear(passed())

    answer = await change(issuance, True, **more)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


async def test_the_status_of_anothers_credential_is_not_there(issuance: Service) -> None:
    issuance.hear(passed())
    body = {"credentialId": issuance.document()["id"], "credentialStatus": ENTRY, "status": True}
    async with issuance.client() as client:
        other = await client.post(
            "/credentials/status", json=body, headers=bearer(issuance, "credentials:write", tenant="other")
        )
        nobody = await client.post("/credentials/status", json=body)

    assert (other.status_code, nobody.status_code) == (404, 401)


async def test_a_status_list_is_where_vc_api_has_it(issuance: Service) -> None:
    issuance.hear(passed())
    list_url = issuance.document()["credentialStatus"]["statusListCredential"]
    async with issuance.client() as client:
        here = await client.get(f"/status-lists/{list_url.rpartition('/')[2]}")
        home = await client.get(list_url)

    assert here.json() == home.json()
    assert home.json()["id"] == list_url
