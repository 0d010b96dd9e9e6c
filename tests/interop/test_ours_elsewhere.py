"""Every credential of ours, with every proof and of every shape, is accepted by others, who refuse it changed."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey, OKPKey
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from services.issuance.did import did_document
from services.issuance.interfaces.wallet_names import BOUND
from services.issuance.keys.folder import KeyFolder
from services.issuance.keys.jwk import jwk, public_key_of
from services.issuance.keys.multikey import base58btc, multikey
from services.issuance.keys.ring import Key, KeyRing
from services.issuance.keys.signature import loaded
from services.issuance.keys.signer import KeySigner
from services.issuance.proofs.suites import EDDSA_RDFC
from services.issuance.proofs.vcjwt import opened, signed_jwt
from shared.testing.peers import Peers
from tests.interop.issued import (
    ISSUER,
    P256,
    RSA,
    SUITES,
    documents,
    leaves,
    method,
    prepared,
    status_list,
    with_other_text,
    with_suite,
)
from tests.unit.issuance.builders import NAMES, SIGNER, passed
from tests.unit.issuance.desk import Service, started
from tests.unit.issuance.interfaces.calls import credential, issue, post
from tests.unit.issuance.interfaces.wallet import DID, KEY, access_of, ask, nonce, proof, wanting, with_worker
from tests.unit.issuance.shapes import SHAPES, issued_as

shapes = pytest.mark.parametrize("shape", SHAPES)
signers = pytest.mark.parametrize("signer", [SIGNER, RSA, P256], ids=["EdDSA", "RS256", "ES256"])


@pytest.fixture
async def issuance(tmp_path: Path) -> Service:
    """The service, with the key that the peers know its institution by: one of them never looks twice."""
    service = await started(tmp_path)
    desk, keys = service.app.state.desk, KeyRing.of(SIGNER)
    service.app.state.desk = replace(desk, keys=keys, checker=replace(desk.checker, keys=keys))
    return service


def download(url: str, *_: object, **__: object) -> bytes:
    return orjson.dumps(documents()[url])


@shapes
@pytest.mark.parametrize("suite", SUITES)
def test_digital_bazaar_accepts_it_until_it_is_revoked(peers: Peers, shape: str, suite: str) -> None:
    credential = with_suite(shape, suite)

    peers.know(status_list(credential))
    assert peers.ask("vc verify", credential=credential) == {"verified": True, "words": ""}

    peers.know(status_list(credential, revoked=True))
    assert peers.ask("vc verify", credential=credential) == {"verified": False, "words": "revoked"}


@shapes
@pytest.mark.parametrize("suite", SUITES)
def test_what_is_signed_the_short_way_is_the_same(shape: str, suite: str) -> None:
    assert prepared(shape, suite) == with_suite(shape, suite)


@pytest.mark.parametrize("suite", [suite for suite in SUITES if suite != EDDSA_RDFC.name])
def test_the_digital_credentials_consortium_knows_no_other_suite(peers: Peers, suite: str) -> None:
    """So what it must accept is signed with the one suite that Open Badges' certification asks for."""
    credential = with_suite("plain", suite)
    peers.know(status_list(credential))

    answer = peers.ask("verifier-core verify", credential=credential)

    assert not answer["verified"]
    assert "invalid_signature" in answer["words"], answer["words"]


@shapes
def test_the_digital_credentials_consortium_accepts_what_we_issue_until_it_is_revoked(peers: Peers, shape: str) -> None:
    credential = issued_as(shape)

    peers.know(status_list(credential))
    answer = peers.ask("verifier-core verify", credential=credential)
    assert answer["verified"], answer["words"]

    peers.know(status_list(credential, revoked=True))
    assert not peers.ask("verifier-core verify", credential=credential)["verified"]


@shapes
def test_openbadgeslib_accepts_what_we_issue(shape: str) -> None:
    assert OB3LdpVerifier().verify(issued_as(shape), download=download).id == issued_as(shape)["id"]


@shapes
@signers
def test_jose_and_openbadgeslib_accept_our_jwts(peers: Peers, shape: str, signer: KeySigner) -> None:
    unsecured = {name: value for name, value in issued_as(shape).items() if name != "proof"}
    token = signed_jwt(unsecured, signer, method(signer))

    assert peers.ask("jose verify", token=token, jwk=jwk(signer.public_key)) == {
        "verified": True,
        "words": unsecured["id"],
    }
    assert OB3Verifier(pem_of(signer), issuer_did=ISSUER).verify(token).id == unsecured["id"]


async def test_jose_and_openbadgeslib_accept_the_rs256_jwt_that_the_service_hands_out(
    peers: Peers, tmp_path: Path
) -> None:
    folder = KeyFolder(tmp_path / "keys" / "issuer.pem")
    folder.rotate("rsa", passed().time, tenant=None, algorithm="RS256")
    service = await started(tmp_path)
    [credential] = service.hear(passed()).credentials
    async with service.client() as client:
        token = (await client.get(f"/credentials/{credential.credential_id}.jwt")).text
        did = (await client.get("/issuers/ou/did.json")).json()

    kid = opened(token).header["kid"]
    key = next(each["publicKeyJwk"] for each in did["verificationMethod"] if each["id"] == kid)
    told = peers.ask("jose verify", token=token, jwk=key)
    assert opened(token).header["alg"] == "RS256"
    assert told == {"verified": True, "words": service.document()["id"]}
    assert OB3Verifier(pem(public_key_of(key)), issuer_did=ISSUER).verify(token).id == service.document()["id"]


def test_an_rsa_key_beside_the_others_takes_nothing_from_a_proof(peers: Peers) -> None:
    """The peers read the DID document as the service publishes it, with a key of a kind that they do not use."""
    ring = KeyRing((Key("first", SIGNER), Key("p256", P256), Key("rsa", RSA)))
    did, credential = did_document(NAMES, "ou", ring), issued_as("plain")
    peers.know({ISSUER: did, "https://localhost:8003/issuers/ou/did.json": did, **status_list(credential)})
    try:
        assert peers.ask("vc verify", credential=credential) == {"verified": True, "words": ""}
        answer = peers.ask("verifier-core verify", credential=credential)
        assert answer["verified"], answer["words"]
    finally:
        peers.know(documents())


@pytest.mark.parametrize("suite", SUITES)
def test_digital_bazaar_refuses_it_with_any_text_changed(peers: Peers, suite: str) -> None:
    credential = with_suite("plain", suite)
    peers.know(status_list(credential))

    accepted = [
        path
        for path in leaves(credential)
        if peers.ask("vc verify", credential=with_other_text(credential, path))["verified"]
    ]

    assert accepted == []


def test_the_others_refuse_what_we_issue_with_any_text_changed(peers: Peers) -> None:
    credential = issued_as("plain")
    peers.know(status_list(credential))

    accepted = [
        path
        for path in leaves(credential)
        if peers.ask("verifier-core verify", credential=with_other_text(credential, path))["verified"]
        or openbadgeslib_accepts(with_other_text(credential, path))
    ]

    assert accepted == []


@signers
def test_the_others_refuse_our_jwts_with_any_part_changed(peers: Peers, signer: KeySigner) -> None:
    token = signed_jwt(issued_as("plain"), signer, method(signer))
    for place in (5, len(token) // 2, len(token) - 10):
        changed = f"{token[:place]}{'A' if token[place] != 'A' else 'B'}{token[place + 1 :]}"

        assert not peers.ask("jose verify", token=changed, jwk=jwk(signer.public_key))["verified"]
        with pytest.raises(OB3VerificationError):
            OB3Verifier(pem_of(signer)).verify(changed)


def openbadgeslib_accepts(credential: dict[str, Any]) -> bool:
    try:
        OB3LdpVerifier().verify(credential, download=download)
    except (OB3VerificationError, KeyError):
        return False
    return True


def pem_of(signer: KeySigner) -> bytes:
    return pem(signer.public_key)


def pem(public_key: bytes) -> bytes:
    return loaded(public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


async def test_digital_bazaar_accepts_what_is_signed_over_vc_api_and_handed_to_a_wallet(
    peers: Peers, issuance: Service
) -> None:
    """All are signed the general way, for documents that are not prepared beforehand."""
    service = with_worker(issuance)
    over_vc_api, by_jcs = [
        (await issue(service, credential(), cryptosuite=name)).json()["verifiableCredential"]
        for name in ("eddsa-rdfc-2022", "eddsa-jcs-2022")
    ]
    answer = await ask(service, await access_of(service), wanting(proof(await nonce(service))))
    in_a_wallet = answer.json()["credentials"][0]["credential"]

    for document in (over_vc_api, by_jcs, in_a_wallet):
        assert peers.ask("vc verify", credential=document, trusting=True) == {"verified": True, "words": ""}
        changed = {**document, "validFrom": "2026-03-02T09:30:01Z"}
        assert not peers.ask("vc verify", credential=changed, trusting=True)["verified"]


async def test_what_digital_bazaar_presents_is_verified_over_vc_api(peers: Peers, issuance: Service) -> None:
    held = (await issue(issuance, credential())).json()["verifiableCredential"]
    pair = {
        "id": f"{DID}#{DID.removeprefix('did:key:')}",
        "controller": DID,
        "publicKeyMultibase": multikey(KEY.public_key),
        "secretKeyMultibase": base58btc(b"\x80\x26" + bytes(range(1, 33))),
    }
    shown = peers.ask("vc present", credential=held, holder=DID, pair=pair, challenge="c1", domain="verifier.example")

    body = {"verifiablePresentation": shown, "options": {"challenge": "c1", "domain": "verifier.example"}}
    found = (await post(issuance, "/presentations/verify", body)).json()
    other = (await post(issuance, "/presentations/verify", {**body, "options": {"challenge": "c2"}})).json()

    assert found["verified"] is True, (found, shown)
    assert other["verified"] is False


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
async def test_a_wallet_that_signs_with_jose_gets_what_the_others_accept(
    peers: Peers, issuance: Service, algorithm: str
) -> None:
    service = with_worker(issuance)
    key = ECKey.generate_key("P-256") if algorithm == "ES256" else OKPKey.generate_key("Ed25519")
    header = {"alg": algorithm, "typ": "openid4vci-proof+jwt", "jwk": key.as_dict(private=False)}

    async def held(configuration: str) -> Any:
        claims = {"aud": f"{NAMES.public_url}/issuers/ou", "iat": int(time.time()), "nonce": await nonce(service)}
        shown = peers.ask("jose issue", payload=claims, header=header, jwk=key.as_dict(private=True))
        answer = await ask(service, access, wanting(shown, configuration=configuration))
        assert answer.status_code == 200, answer.text
        return answer.json()["credentials"][0]["credential"]

    access = await access_of(service)
    document, token = await held(BOUND[0]), await held(BOUND[1])

    assert OB3LdpVerifier().verify(document, download=download).id == document["id"]
    peers.know(status_list(document))
    answer = peers.ask("verifier-core verify", credential=document)
    assert answer["verified"], answer["words"]
    assert peers.ask("jose verify", token=token, jwk=jwk(SIGNER.public_key))["words"] == document["id"]
    assert OB3Verifier(pem_of(SIGNER), issuer_did=ISSUER).verify(token).id == document["id"]
