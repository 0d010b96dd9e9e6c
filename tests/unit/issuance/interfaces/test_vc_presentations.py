"""VC-API: presentations, and who holds what they present."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.issuance.proofs.vcjwt import signed_jwt
from tests.unit.issuance.builders import passed, withdrawn
from tests.unit.issuance.desk import Service, started
from tests.unit.issuance.interfaces.asking import DID, HOLDER, enveloped, presented, verdict
from tests.unit.issuance.interfaces.calls import credential, post, verify


@pytest.mark.parametrize("shown", [presented, enveloped])
async def test_a_presentation_holds_with_what_it_presents(issuance: Service, shown: Any) -> None:
    issuance.hear(passed())
    asked = {"challenge": "c1", "domain": "verifier.example"}

    found = await verdict(issuance, shown(issuance.document()), **asked)
    assert found["verified"] is True
    assert found["results"]["credentials"][0]["verified"] is True
    assert (await verdict(issuance, shown(), **asked))["verified"] is True

    issuance.hear(withdrawn())
    found = await verdict(issuance, shown(issuance.document()), **asked)
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


@pytest.mark.parametrize(
    ("claims", "options"),
    [
        ({}, {"challenge": "other"}),
        ({"aud": ["elsewhere.example"]}, {"domain": "verifier.example"}),
        ({"iss": "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"}, {}),
        ({"exp": 1}, {}),
        ({"nbf": 99999999999}, {}),
        ({"exp": "later"}, {}),
        ({"header": {"kid": "did:example:somebody#one"}}, {}),
        ({"header": {"alg": "ES256"}}, {}),
    ],
    ids=str,
)
async def test_an_envelope_of_another_moment_or_holder_does_not_hold(
    issuance: Service, claims: dict[str, Any], options: dict[str, str]
) -> None:
    found = await verdict(issuance, enveloped(**claims), **options)

    assert found["verified"] is False
    assert found["problemDetails"][0]["type"].endswith("#CRYPTOGRAPHIC_SECURITY_ERROR")


async def test_an_envelope_that_was_changed_does_not_hold(issuance: Service) -> None:
    closed = enveloped()
    text = closed["id"]
    place = text.rindex(".") + 5

    changed = f"{text[:place]}{'A' if text[place] != 'A' else 'B'}{text[place + 1 :]}"

    assert (await verdict(issuance, {**closed, "id": changed}))["verified"] is False


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"@context": []}, "@context"),
        ({"@context": ["https://www.w3.org/ns/credentials/examples/v2"]}, "@context"),
        ({"id": "eyJ.e30.AA"}, "id"),
        ({"id": "data:application/vp+jwt,a.b"}, ""),
        ({"id": "data:application/vp+jwt,e30.e30.AA"}, "header"),
        ({"type": ["VerifiablePresentation"]}, ""),
        ({"id": None}, "id"),
    ],
    ids=str,
)
async def test_what_is_no_envelope_is_refused(issuance: Service, changes: dict[str, Any], field: str) -> None:
    shown = {"verifiablePresentation": {**enveloped(), **changes}}

    answer = await post(issuance, "/presentations/verify", shown)

    assert answer.status_code == 400, answer.text
    assert answer.json().get("errors", [{}])[0].get("field", "").startswith(field)


@pytest.mark.parametrize("header", [{"kid": None}, {"typ": "other"}, {"crit": ["b64"]}, {"alg": "none"}, {"alg": 4}])
async def test_a_header_that_no_presentation_has_is_refused(issuance: Service, header: dict[str, Any]) -> None:
    answer = await post(issuance, "/presentations/verify", {"verifiablePresentation": enveloped(header=header)})

    assert (answer.status_code, answer.json()["errors"][0]["field"][:6]) == (400, "header")


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
