"""VC-API: who may issue what, what a verdict says, and how the status of a credential is changed."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.issuance.canonical import hash_of
from services.issuance.multikey import base58btc, did_key
from services.issuance.proof import options_for
from services.issuance.signer import KeySigner
from services.issuance.suites import EDDSA_RDFC
from services.issuance.vcjwt import signed_jwt
from tests.unit.issuance.builders import NAMES, passed, withdrawn
from tests.unit.issuance.desk import Service, started
from tests.unit.issuance.interfaces.calls import bearer, credential, issue, post, verify

HOLDER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
DID = did_key(HOLDER.public_key)
ENTRY = {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"}


def presented(*held: Any, **members: Any) -> dict[str, Any]:
    """Return a presentation with a proof of its holder."""
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": DID,
        **({"verifiableCredential": list(held)} if held else {}),
        **members,
    }
    method = f"{DID}#{DID.removeprefix('did:key:')}"
    proof = options_for(document, EDDSA_RDFC, created="2026-03-02T10:30:00Z", method=method)
    proof |= {"proofPurpose": "authentication", "challenge": "c1", "domain": "verifier.example"}
    return {**document, "proof": {**proof, "proofValue": base58btc(HOLDER.sign(hash_of(document, proof)))}}


async def verdict(service: Service, document: dict[str, Any], member: str = "verifiablePresentation", **options: str):
    answer = await post(service, "/presentations/verify", {member: document, "options": options})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("headers", "status"), [((), 401), (("credentials:write",), 403), (("credentials:issue",), 201)], ids=str
)
async def test_only_who_may_issue_does(issuance: Service, headers: tuple[str, ...], status: int) -> None:
    answer = await post(issuance, "/credentials/issue", {"credential": credential()}, *headers)

    assert answer.status_code == status


@pytest.mark.parametrize(
    "members",
    [
        {"issuer": "did:example:somebody"},
        {"issuer": NAMES.issuer("other")},
        {"proof": {"type": "DataIntegrityProof"}},
        {"id": f"{NAMES.credential('')}0b4d"},
        {"type": ["VerifiableCredential", "OpenBadgeCredential"]},
        {"validFrom": None},
        {"name": "\ud800"},
    ],
    ids=str,
)
async def test_what_is_not_the_institutions_to_say_is_not_signed(issuance: Service, members: dict[str, Any]) -> None:
    document = credential(**members)
    if "name" in members:
        body = b'{"credential": {"name": "\\ud800"}}'
        assert (await post(issuance, "/credentials/issue", body, "credentials:issue")).status_code == 400
        return

    assert (await issue(issuance, document)).status_code == 400


async def test_nothing_that_is_issued_over_vc_api_is_kept(issuance: Service) -> None:
    before = dict(issuance.store.collections)

    assert (await issue(issuance, credential())).status_code == 201

    assert issuance.store.collections == before
    assert issuance.app.state.publisher.events == []


async def test_a_credential_that_was_changed_is_not_verified_and_says_why(issuance: Service) -> None:
    document = (await issue(issuance, credential())).json()["verifiableCredential"]

    found = (await verify(issuance, {**document, "name": "Other"}, returnResults=True, returnCredential=True)).json()

    assert found["verified"] is False
    assert found["problemDetails"][0]["type"].endswith("#CRYPTOGRAPHIC_SECURITY_ERROR")
    assert found["results"]["proof"][0]["verified"] is False
    assert found["results"]["validFrom"] == {"verified": True, "input": "2026-03-02T09:30:00Z"}
    assert found["credential"]["name"] == "Other"


async def test_an_expired_credential_is_out_of_range(issuance: Service) -> None:
    document = (await issue(issuance, credential(validUntil="2026-03-02T10:00:00Z"))).json()["verifiableCredential"]

    found = (await verify(issuance, document)).json()

    assert [each["type"].rpartition("#")[2] for each in found["problemDetails"]] == ["RANGE_ERROR"]


async def test_our_own_badges_are_verified_in_both_forms_and_as_jwt(issuance: Service) -> None:
    award = issuance.hear(passed())
    desk = issuance.app.state.desk
    text = (await desk.jwt_of(award, award.credentials[0])).decode()
    envelope = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"data:application/vc+jwt,{text}",
        "type": "EnvelopedVerifiableCredential",
    }

    for shown in (issuance.document(), text, envelope):
        assert (await verify(issuance, shown)).json() == {"verified": True, "problemDetails": []}
    issuance.hear(withdrawn())
    for shown in (issuance.document(), text, envelope):
        [told] = (await verify(issuance, shown)).json()["problemDetails"]
        assert told["code"] == "revoked"


@pytest.mark.parametrize("shown", [4, None, [], "a.b.c", {"type": "EnvelopedVerifiableCredential", "id": "data:,x"}])
async def test_what_is_neither_credential_nor_jwt_is_refused(issuance: Service, shown: Any) -> None:
    assert (await verify(issuance, shown)).status_code == 400


@pytest.mark.parametrize("options", [4, {"returnResults": "perhaps"}, {"challenge": 7}])
async def test_options_that_are_none_are_refused(issuance: Service, options: Any) -> None:
    body = {"verifiableCredential": credential(), "options": options}
    answer = await post(issuance, "/credentials/verify", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith("options")


async def test_a_presentation_holds_with_what_it_presents(issuance: Service) -> None:
    issuance.hear(passed())
    asked = {"challenge": "c1", "domain": "verifier.example"}

    found = await verdict(issuance, presented(issuance.document()), **asked)
    assert found["verified"] is True
    assert found["results"]["credentials"][0]["verified"] is True
    assert (await verdict(issuance, presented(), **asked))["verified"] is True

    issuance.hear(withdrawn())
    found = await verdict(issuance, presented(issuance.document()), **asked)
    assert (found["verified"], found["problemDetails"]) == (False, [])


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({}, {"challenge": "other"}),
        ({}, {"domain": "elsewhere.example"}),
        ({"holder": "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"}, {}),
        ({"id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"}, {}),
    ],
    ids=str,
)
async def test_a_presentation_of_another_moment_or_holder_does_not_hold(
    issuance: Service, change: dict[str, Any], options: dict[str, str]
) -> None:
    found = await verdict(issuance, {**presented(), **change}, **options)

    assert found["verified"] is False
    assert found["problemDetails"][0]["type"].endswith("#CRYPTOGRAPHIC_SECURITY_ERROR")


async def test_who_says_something_of_themselves_must_hold_it(issuance: Service) -> None:
    own, foreign = credential(issuer=DID), credential(issuer="did:example:somebody")

    assert (await verdict(issuance, presented(own)))["verified"] is True
    assert (await verdict(issuance, presented(foreign)))["verified"] is False


class Hanging:
    """A sandbox that never comes back."""

    async def hash_of(self, *_: object) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_presentation_that_takes_too_long_is_refused_and_lets_others_in(tmp_path: Path) -> None:
    service = await started(tmp_path, check_deadline_s=0.01)
    desk = service.app.state.desk
    service.app.state.desk = replace(desk, checker=replace(desk.checker, sandbox=Hanging()))

    answer = await post(service, "/presentations/verify", {"verifiablePresentation": presented(), "options": {}})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "verifiablePresentation")


async def test_a_jwt_of_a_stranger_whose_key_is_not_known_is_not_verified(issuance: Service) -> None:
    document = credential(id="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33", issuer="did:example:somebody")
    text = signed_jwt(document, HOLDER, "did:example:somebody#one")

    found = (await verify(issuance, text)).json()

    assert found["verified"] is False
    assert {each["code"] for each in found["problemDetails"]} == {"proof_unknown", "issuer_unknown"}


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
