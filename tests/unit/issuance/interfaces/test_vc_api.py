"""VC-API: who may issue what, and what a verdict says."""

from typing import Any

import pytest

from services.issuance.credential import SCHEMA
from services.issuance.jsonld.contexts import CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES
from tests.unit.issuance.builders import NAMES, passed, withdrawn
from tests.unit.issuance.desk import Service
from tests.unit.issuance.interfaces.calls import credential, issue, post, verify
from tests.unit.issuance.strangers import badge_by


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


@pytest.mark.parametrize("name", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
async def test_the_cryptosuite_may_be_chosen(issuance: Service, name: str) -> None:
    document = (await issue(issuance, credential(), cryptosuite=name)).json()["verifiableCredential"]

    assert document["proof"][0]["cryptosuite"] == name
    assert (await verify(issuance, document)).json()["verified"] is True
    assert (await verify(issuance, {**document, "name": "Other"})).json()["verified"] is False


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ecdsa-rdfc-2019", "take eddsa-rdfc-2022, eddsa-jcs-2022, or leave it out"),
        ("eddsa-2022", "is none of"),
        (["eddsa-jcs-2022"], "is none of"),
    ],
    ids=str,
)
async def test_a_cryptosuite_that_the_key_does_not_make_is_refused_with_the_cure(
    issuance: Service, name: object, words: str
) -> None:
    answer = await issue(issuance, credential(), cryptosuite=name)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "options.cryptosuite" in answer.text
    assert words in answer.text


async def test_what_jcs_signs_has_no_term_either_that_its_contexts_do_not_define(issuance: Service) -> None:
    document = credential(credentialSubject={"id": "did:example:1", "undefinedTerm": "x"})

    assert (await issue(issuance, document, cryptosuite="eddsa-jcs-2022")).status_code == 400


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


async def test_what_1edtech_adds_is_issued_with_its_context(issuance: Service) -> None:
    extended = badge_by(
        NAMES.issuer("ou"),
        **{
            "@context": [CREDENTIALS_V2, OPEN_BADGES, EXTENSIONS],
            "credentialSchema": [SCHEMA],
            "credentialStatus": {"id": "https://issuer.example/revocations", "type": "1EdTechRevocationList"},
            "refreshService": {"id": "https://issuer.example/newer/1", "type": "1EdTechCredentialRefresh"},
        },
    )

    answer = await issue(issuance, extended)
    assert answer.status_code == 201, answer.text

    bare = await issue(issuance, {**extended, "@context": [CREDENTIALS_V2, OPEN_BADGES]})
    assert bare.status_code == 400
    assert "is not a term" in bare.json()["detail"]


async def test_options_may_be_left_out(issuance: Service) -> None:
    issuance.hear(passed())

    good = await post(issuance, "/credentials/verify", {"verifiableCredential": issuance.document()})
    shown: list[Any] = [{}, 4, "a"]
    malformed = [await post(issuance, "/credentials/verify", {"verifiableCredential": each}) for each in shown]

    assert good.json() == {"verified": True, "problemDetails": []}
    assert {answer.status_code for answer in malformed} == {400}


@pytest.mark.parametrize("context", [None, [], "https://www.w3.org/ns/credentials/examples/v2"])
async def test_an_envelope_says_what_it_is(issuance: Service, context: Any) -> None:
    award = issuance.hear(passed())
    text = (await issuance.app.state.desk.jwt_of(award, award.credentials[0])).decode()
    envelope = {"@context": context, "id": f"data:application/vc+jwt,{text}", "type": "EnvelopedVerifiableCredential"}

    answer = await verify(issuance, envelope)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "@context")


@pytest.mark.parametrize("options", [4, {"returnResults": "perhaps"}, {"challenge": 7}])
async def test_options_that_are_none_are_refused(issuance: Service, options: Any) -> None:
    body = {"verifiableCredential": credential(), "options": options}
    answer = await post(issuance, "/credentials/verify", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith("options")
