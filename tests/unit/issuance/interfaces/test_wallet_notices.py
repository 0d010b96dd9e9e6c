"""What a wallet tells of a credential that it was handed (OpenID4VCI 1.0, section 11)."""

from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from services.issuance.interfaces.wallet_names import BOUND
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.refusing import error
from tests.unit.issuance.interfaces.wallet import PATH, access_of, ask, nonce, proof, wanting

ACCEPTED = {"event": "credential_accepted"}


async def tell(service: Service, access: str, body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {access}", "Content-Type": "application/json"}
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    async with service.client() as client:
        return await client.post(f"{PATH}/notification", headers=headers, **content)


async def handed(service: Service, access: str, configuration: str = BOUND[0]) -> str:
    """Have a credential handed out, and return the id by which the wallet may tell of it."""
    body = wanting(proof(await nonce(service)), configuration=configuration)
    return str((await ask(service, access, body)).json()["notification_id"])


@pytest.mark.parametrize("event", ["credential_accepted", "credential_failure", "credential_deleted"])
async def test_a_wallet_tells_what_became_of_a_credential_as_often_as_it_likes(wallets: Service, event: str) -> None:
    access = await access_of(wallets)
    body = {"notification_id": await handed(wallets, access), "event": event, "event_description": "No room.", "x": 1}

    with capture_logs() as lines:
        answers = [await tell(wallets, access, body) for _ in range(2)]

    assert [(each.status_code, each.content) for each in answers] == [(204, b"")] * 2
    told = [line for line in lines if line["event"] == "wallet.told"]
    assert [(each["told"], each["credential"], each["configuration"]) for each in told] == [
        (event, wallets.award.credentials[0].credential_id, BOUND[0])
    ] * 2
    # What somebody wrote may be about a person.
    assert "No room." not in str(lines)


async def test_the_metadata_says_where(wallets: Service) -> None:
    async with wallets.client() as client:
        issuer = (await client.get("/.well-known/openid-credential-issuer/issuers/ou")).json()

    assert issuer["notification_endpoint"].endswith(f"{PATH}/notification")


@pytest.mark.parametrize(
    "change",
    [
        {"event": "credential_lost"},
        {"event": None},
        {"event": 7},
        {"event_description": "Kein Platz für das Zeugnis"},
        {"event_description": 'a "quoted" word'},
        {"event_description": "x" * 100_000},
        {"notification_id": None},
        {"notification_id": 7},
        {"notification_id": "x" * 100_000},
    ],
    ids=str,
)
async def test_a_bad_notification_is_told(wallets: Service, change: dict[str, Any]) -> None:
    access = await access_of(wallets)
    body = {"notification_id": await handed(wallets, access), **ACCEPTED, **change}
    answer = await tell(wallets, access, {name: each for name, each in body.items() if each is not None})

    assert await error(answer) == (400, "invalid_notification_request")
    [named] = change
    assert named in answer.json()["error_description"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"event": NaN}', b"\xff"])
async def test_a_body_that_is_no_notification_is_told(wallets: Service, body: bytes) -> None:
    assert await error(await tell(wallets, await access_of(wallets), body)) == (400, "invalid_notification_request")


async def test_an_id_is_good_for_whom_it_was_given_and_for_nothing_else(wallets: Service) -> None:
    access = await access_of(wallets)
    mine = await handed(wallets, access)
    others = await handed(wallets, await access_of(wallets))
    told = [
        await tell(wallets, access, {"notification_id": each, **ACCEPTED})
        for each in ("made-up", access, await nonce(wallets), others)
    ]
    nobody = [await tell(wallets, each, {"notification_id": mine, **ACCEPTED}) for each in ("", "made-up", mine)]

    assert [await error(each) for each in told] == [(400, "invalid_notification_id")] * 4
    assert [await error(each) for each in nobody] == [(401, "invalid_token")] * 3
    assert all("invalid_token" in each.headers["www-authenticate"] for each in nobody)
