"""A credential of ours in which one byte is another one: refused by us at every place, by the others wherever tried.

A byte is changed in the document as it is handed out. What is then no JSON any more cannot even be read; of what can be
read, nothing may be accepted.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from services.issuance.checking.verifier import Ports, check, check_jwt
from services.issuance.errors import KeyUnknown
from services.issuance.jsonld.canonical import hash_of
from services.issuance.proofs.vcjwt import signed_jwt
from shared.testing.peers import Peers
from tests.interop.issued import ISSUER, P256, RSA, SUITES, method, status_list, with_suite
from tests.interop.test_ours_elsewhere import openbadgeslib_accepts
from tests.unit.issuance.builders import SIGNER
from tests.unit.issuance.shapes import issued_as

Document = dict[str, Any]
KEYS = {method(signer): signer.public_key for signer in (SIGNER, P256, RSA)}
STRIDE = 61
"""The peers are asked about every so many bytes: they take ten milliseconds for each."""


def ports() -> Ports:
    async def hashed(document: Document, proof: Document) -> bytes:
        return hash_of(document, proof)

    async def key(issuer: str, name: str) -> bytes:
        if issuer == ISSUER and name in KEYS:
            return KEYS[name]
        raise KeyUnknown(f"{issuer} has no key {name}")

    async def bits(_url: str, _issuer: str, _purpose: str) -> bytes:
        return bytes(16_384)

    return Ports(hashed, key, bits, lambda: datetime(2026, 6, 1, tzinfo=UTC))


def changed(whole: bytes, stride: int = 1) -> Iterator[tuple[int, Document]]:
    """Yield what can still be read with one byte changed, and the place of that byte."""
    for place in range(0, len(whole), stride):
        try:
            document = orjson.loads(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        except orjson.JSONDecodeError:
            continue
        if isinstance(document, dict):
            yield place, document


@pytest.mark.parametrize("suite", SUITES)
async def test_we_refuse_it_with_any_byte_changed(suite: str) -> None:
    credential = with_suite("plain", suite)
    whole = orjson.dumps(credential)
    assert (await check(credential, ports())).verified

    readable = list(changed(whole))
    accepted = [place for place, document in readable if (await check(document, ports())).verified]

    assert len(readable) > len(whole) // 2
    assert accepted == []


@pytest.mark.parametrize("signer", [SIGNER, RSA, P256], ids=["EdDSA", "RS256", "ES256"])
async def test_we_refuse_our_jwt_with_any_character_changed(signer: Any) -> None:
    unsecured = {name: value for name, value in issued_as("plain").items() if name != "proof"}
    token = signed_jwt(unsecured, signer, method(signer))
    assert (await check_jwt(token, ports())).verified

    accepted = [
        place
        for place, character in enumerate(token)
        if (await check_jwt(f"{token[:place]}{'A' if character != 'A' else 'B'}{token[place + 1 :]}", ports())).verified
    ]

    assert accepted == []


@pytest.mark.parametrize("suite", SUITES)
def test_digital_bazaar_refuses_it(peers: Peers, suite: str) -> None:
    credential = with_suite("plain", suite)
    peers.know(status_list(credential))

    tried = list(changed(orjson.dumps(credential), STRIDE))

    assert [place for place, each in tried if peers.ask("vc verify", credential=each)["verified"]] == []


def test_the_digital_credentials_consortium_and_openbadgeslib_refuse_it(peers: Peers) -> None:
    credential = issued_as("plain")
    peers.know(status_list(credential))

    accepted = [
        place
        for place, each in changed(orjson.dumps(credential), STRIDE)
        if peers.ask("verifier-core verify", credential=each)["verified"] or openbadgeslib_accepts(each)
    ]

    assert accepted == []
