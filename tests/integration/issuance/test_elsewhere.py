"""Issuers and status lists elsewhere, on a real server: believed when they are right, told apart when they are not."""

from pathlib import Path

import orjson
import pytest

from services.issuance.keys.jwk import jwk
from services.issuance.keys.multikey import did_key
from services.issuance.proofs.vcjwt import signed_jwt
from services.issuance.status import bits_with, encoded
from tests.integration.issuance.elsewhere import SIGNER, Document, codes, credential, did, page, signed, status_list
from tests.integration.issuance.webserver import Stranger
from tests.unit.issuance.desk import Service, started
from tests.unit.issuance.test_forms import chunk, picture


async def test_a_stranger_is_checked_to_the_last_step(issuance: Service, server: Stranger) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server, 4, 6), server)))

    verified, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert verified
    assert seen == [f"{step}_passed" for step in ("format", "schema", "proof", "issuer", "dates", "status")]


async def test_a_credential_is_taken_from_its_address_in_any_form(issuance: Service, server: Stranger) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server), server)))
    document = orjson.dumps(signed(credential(server), server))
    server.serves("/json", document)
    server.serves("/jwt", signed_jwt(credential(server), SIGNER, f"{did(server)}#key-1").encode())
    server.serves("/png", picture(chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + document)))

    for form in ("json", "jwt", "png"):
        verified, seen = await codes(issuance, orjson.dumps({"url": f"{server.url}/{form}"}))
        assert verified, (form, seen)


async def test_a_list_that_does_not_say_since_when_has_begun(issuance: Service, server: Stranger) -> None:
    listed = status_list(server, 5)
    del listed["validFrom"]
    server.serves("/status/1", orjson.dumps(signed(listed, server)))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[5] == "revoked"


async def test_a_revoked_one_is_told_by_its_code(issuance: Service, server: Stranger) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server, 5), server)))

    verified, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert not verified
    assert seen[5] == "revoked"


async def test_a_suspended_one_is_told_by_its_code(issuance: Service, server: Stranger) -> None:
    listed = status_list(server, 5)
    listed["credentialSubject"]["statusPurpose"] = "suspension"
    server.serves("/status/1", orjson.dumps(signed(listed, server)))
    document = credential(server)
    document["credentialStatus"]["statusPurpose"] = "suspension"

    _, seen = await codes(issuance, orjson.dumps(signed(document, server)))
    _, other = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[5] == "suspended"
    assert other[5] == "status_unknown"


@pytest.mark.parametrize(("indexes", "code"), [((4,), "status_passed"), ((5,), "revoked")])
async def test_a_list_may_be_a_jwt(issuance: Service, server: Stranger, indexes: tuple[int, ...], code: str) -> None:
    server.serves("/status/1", signed_jwt(status_list(server, *indexes), SIGNER, f"{did(server)}#key-1").encode())

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[5] == code


async def test_a_list_that_does_not_answer_is_unreachable(issuance: Service, server: Stranger) -> None:
    server.serves("/status/1", b"", status="503 Later")

    verified, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert not verified
    assert seen[4:] == ["dates_passed", "status_unreachable"]


async def test_an_issuer_that_does_not_answer_is_unreachable(issuance: Service, server: Stranger) -> None:
    del server.answers["/.well-known/did.json"]

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[2:4] == ["proof_unknown", "issuer_unreachable"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": did_key(SIGNER.public_key)},
        {"type": ["VerifiableCredential"]},
        {"validUntil": "2026-04-01T00:00:00Z"},
        {"validFrom": "2999-01-01T00:00:00Z"},
    ],
)
async def test_a_list_that_is_not_the_issuers_own_word_is_not_believed(
    issuance: Service, server: Stranger, wrong: Document
) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server, 5, **wrong), server)))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[5] == "status_unknown"


async def test_a_list_that_was_changed_or_is_not_signed_is_not_believed(issuance: Service, server: Stranger) -> None:
    honest = signed(status_list(server, 5), server)
    changed = {**honest, "credentialSubject": {**honest["credentialSubject"], "encodedList": encoded(bits_with([]))}}
    for answer in (orjson.dumps(changed), orjson.dumps(status_list(server)), b"{", b"[]", b"\xff"):
        server.serves("/status/1", answer)
        issuance.app.state.desk.checker.fetcher._kept.clear()

        verified, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

        assert not verified
        assert seen[5] == "status_unknown", answer[:40]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "did:web:somebody.example"},
        {"assertionMethod": []},
        {"verificationMethod": []},
        {"verificationMethod": "x", "assertionMethod": "y"},
    ],
)
async def test_a_page_that_does_not_vouch_for_the_key_leaves_the_issuer_unknown(
    issuance: Service, server: Stranger, changes: Document
) -> None:
    server.serves("/.well-known/did.json", orjson.dumps({**page(did(server)), **changes}))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[2:4] == ["proof_unknown", "issuer_unknown"]


@pytest.mark.parametrize("revoked", [{}, {"revoked": "2026-01-01T00:00:00Z"}])
async def test_a_key_may_stand_as_a_jwk_and_not_when_it_is_revoked(
    issuance: Service, server: Stranger, revoked: Document
) -> None:
    method = {"publicKeyMultibase": None, "publicKeyJwk": jwk(SIGNER.public_key), **revoked}
    server.serves("/.well-known/did.json", orjson.dumps(page(did(server), **method)))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server), server)))

    assert seen[3] == ("issuer_unknown" if revoked else "issuer_passed")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"validFrom": "2999-01-01T00:00:00Z"}, "not_yet_valid"),
        ({"validUntil": "2026-04-01T00:00:00Z"}, "expired"),
    ],
)
async def test_dates_are_told_apart_by_their_codes(
    issuance: Service, server: Stranger, members: Document, code: str
) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server), server)))

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server, **members), server)))

    assert seen[4] == code


async def test_no_stranger_can_send_us_to_where_only_we_can_reach(tmp_path: Path, server: Stranger) -> None:
    guarded = await started(tmp_path)

    _, seen = await codes(guarded, orjson.dumps(signed(credential(server), server)))
    await guarded.app.state.desk.checker.sandbox.close()

    assert seen[3] == "issuer_unreachable"
    assert server.heard == []
