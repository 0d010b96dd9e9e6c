"""Codes, tokens and nonces of OpenID4VCI: good once, and not for each other."""

import asyncio
from datetime import timedelta

import pytest

from services.issuance.interfaces.wallet_names import BOUND, GRANT
from shared.kit.clock import now
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.calls import bearer
from tests.unit.issuance.interfaces.refusing import error
from tests.unit.issuance.interfaces.wallet import (
    OTHER,
    PATH,
    access_of,
    ask,
    code_of,
    nonce,
    offer,
    proof,
    token,
    wanting,
)


async def test_a_code_is_good_once_whoever_is_first(wallets: Service) -> None:
    code = code_of(await offer(wallets, tx_code=False))

    answers = await asyncio.gather(*(token(wallets, code) for _ in range(8)))

    assert sorted(each.status_code for each in answers) == [200] + [400] * 7
    assert await error(await token(wallets, code)) == (400, "invalid_grant")


async def test_a_transaction_code_cannot_be_guessed(wallets: Service) -> None:
    made = await offer(wallets)
    right = made["tx_code"]
    wrong = [f"{number:06}" for number in range(7) if f"{number:06}" != right][:5]

    guesses = [await token(wallets, code_of(made), tx_code=each) for each in wrong]
    late = await token(wallets, code_of(made), tx_code=right)

    assert [await error(each) for each in (*guesses, late)] == [(400, "invalid_grant")] * 6


async def test_a_wrong_transaction_code_does_not_use_the_offer_up(wallets: Service) -> None:
    made = await offer(wallets)
    wrong = "000000" if made["tx_code"] != "000000" else "000001"

    first = await token(wallets, code_of(made), tx_code=wrong)
    second = await token(wallets, code_of(made), tx_code=made["tx_code"])

    assert (first.status_code, second.status_code) == (400, 200)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"pre-authorized_code": None}, "invalid_request"),
        ({"pre-authorized_code": "guessed"}, "invalid_grant"),
        ({"pre-authorized_code": "x" * 100_000}, "invalid_grant"),
        ({"tx_code": None}, "invalid_request"),
        ({"tx_code": ""}, "invalid_request"),
        ({"authorization_details": "{"}, "invalid_request"),
        ({"authorization_details": "[]"}, "invalid_authorization_details"),
        ({"authorization_details": '[{"type": "other"}]'}, "invalid_authorization_details"),
    ],
    ids=str,
)
async def test_a_bad_token_request_is_told_apart(
    wallets: Service, change: dict[str, str | None], expected: str
) -> None:
    made = await offer(wallets)
    fields = {"grant_type": GRANT, "pre-authorized_code": code_of(made), "tx_code": made["tx_code"], **change}
    form = {name: each for name, each in fields.items() if each is not None}
    async with wallets.client() as client:
        answer = await client.post(f"{PATH}/token", data=form)

    assert await error(answer) == (400, expected)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{}", "application/json"),
        (b"{", "application/json"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"\xff=\xfe", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(50)), "application/x-www-form-urlencoded"),
        (b"nothing", "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_is_no_form_is_a_bad_request(wallets: Service, body: bytes, kind: str) -> None:
    async with wallets.client() as client:
        answer = await client.post(f"{PATH}/token", content=body, headers={"Content-Type": kind})

    assert await error(answer) == (400, "invalid_request")


async def test_codes_and_tokens_are_not_taken_for_each_other_nor_elsewhere(wallets: Service) -> None:
    code, access = code_of(await offer(wallets, tx_code=False)), await access_of(wallets)
    challenge = await nonce(wallets)
    async with wallets.client() as client:
        elsewhere = await client.post(
            "/issuers/other/oid4vci/token", data={"grant_type": GRANT, "pre-authorized_code": code}
        )

    assert await error(elsewhere) == (400, "invalid_grant")
    for wrong in (access, challenge, bearer(wallets, "read")["Authorization"].removeprefix("Bearer ")):
        assert await error(await token(wallets, wrong)) == (400, "invalid_grant")
    for wrong in (code, challenge, bearer(wallets, "credentials:claim")["Authorization"].removeprefix("Bearer "), ""):
        assert await error(await ask(wallets, wrong, wanting(proof(challenge)))) == (401, "invalid_token")
    assert await error(await ask(wallets, access, wanting(proof(access)))) == (400, "invalid_nonce")
    async with wallets.client() as client:
        ours = await client.get("/v1/credentials/a/provenance", headers={"Authorization": f"Bearer {access}"})
    assert ours.status_code == 401


async def test_what_is_over_is_good_for_nothing(wallets: Service) -> None:
    code, access = code_of(await offer(wallets, tx_code=False)), await access_of(wallets)
    challenge = await nonce(wallets)
    moment = now() + timedelta(seconds=3_601)
    wallets.app.state.clock = lambda: moment

    assert await error(await token(wallets, code)) == (400, "invalid_grant")
    late = await ask(wallets, access, wanting(proof(challenge, iat=int(moment.timestamp()))))
    assert await error(late) == (401, "invalid_token")
    async with wallets.client() as client:
        assert (await client.get(f"{PATH}/offers/{code}")).status_code == 404


async def test_a_token_is_good_for_one_key_and_the_same_key_gets_the_same_again(wallets: Service) -> None:
    access = await access_of(wallets)

    first = await ask(wallets, access, wanting(proof(await nonce(wallets))))
    again = await ask(wallets, access, wanting(proof(await nonce(wallets))))
    other = await ask(wallets, access, wanting(proof(await nonce(wallets), OTHER)))
    jwt = await ask(wallets, access, wanting(proof(await nonce(wallets)), configuration=BOUND[1]))

    assert [each.status_code for each in (first, again, other, jwt)] == [200, 200, 401, 200]
    assert 'error="invalid_token"' in other.headers["www-authenticate"]


async def test_a_nonce_is_good_once(wallets: Service) -> None:
    access, challenge = await access_of(wallets), await nonce(wallets)

    first = await ask(wallets, access, wanting(proof(challenge)))
    again = await ask(wallets, access, wanting(proof(challenge)))

    assert first.status_code == 200
    assert await error(again) == (400, "invalid_nonce")
