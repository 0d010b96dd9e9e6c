"""What 1EdTech adds to Open Badges, on a real server: lists of revoked credentials, and refreshed credentials."""

from typing import Any

import orjson
import pytest

from services.issuance.jsonld.contexts import CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES
from tests.integration.issuance.elsewhere import Document, asked, codes, credential, did, signed, status_list
from tests.integration.issuance.webserver import Stranger
from tests.unit.issuance.desk import Service
from tests.unit.issuance.test_endorsing import unsigned

CONTEXTS = [CREDENTIALS_V2, OPEN_BADGES, EXTENSIONS]
OVER = "2026-04-01T00:00:00Z"


def listed_at(server: Stranger) -> Document:
    """Return a credential whose issuer lists what it revoked."""
    status = {"id": f"{server.url}/revocations", "type": "1EdTechRevocationList"}
    return credential(server, **{"@context": CONTEXTS, "credentialStatus": status})


def revocations(server: Stranger, *entries: Any, **members: Any) -> bytes:
    return orjson.dumps(
        {"id": f"{server.url}/revocations", "issuer": did(server), "revokedCredentials": entries, **members}
    )


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({}, "revoked"),
        ({"revoked": True, "revocationReason": "no payment"}, "revoked"),
        ({"revoked": "true"}, "revoked"),
        ({"revoked": False}, "status_passed"),
        ({"id": "urn:uuid:0b4d7b1e-0000-4000-8000-000000000000"}, "status_passed"),
    ],
    ids=str,
)
async def test_a_list_of_revocations_is_looked_up(
    issuance: Service, server: Stranger, entry: Document, code: str
) -> None:
    document = listed_at(server)
    server.serves("/revocations", revocations(server, {"id": document["id"], **entry}))

    verified, seen = await codes(issuance, orjson.dumps(signed(document, server)))

    assert (verified, seen[5]) == (code == "status_passed", code)


async def test_an_id_is_the_same_however_it_is_written(issuance: Service, server: Stranger) -> None:
    document = {**listed_at(server), "id": f"{server.url}/c/a%7Eb"}
    server.serves("/revocations", revocations(server, {"id": f" {server.url}/c/a~b"}))

    _, seen = await codes(issuance, orjson.dumps(signed(document, server)))

    assert seen[5] == "revoked"


@pytest.mark.parametrize(
    "wrong", [{"issuer": "did:web:somebody.example"}, {"issuer": None}, {"revokedCredentials": None}], ids=str
)
async def test_a_list_of_somebody_else_tells_nothing(issuance: Service, server: Stranger, wrong: Document) -> None:
    server.serves("/revocations", revocations(server, **wrong))

    verified, seen = await codes(issuance, orjson.dumps(signed(listed_at(server), server)))

    assert (verified, seen[5]) == (False, "status_unknown")


async def test_a_list_that_cannot_be_had_is_unreachable(issuance: Service, server: Stranger) -> None:
    _, seen = await codes(issuance, orjson.dumps(signed(listed_at(server), server)))
    assert seen[5] == "status_unreachable"

    server.serves("/revocations", b"[")
    _, seen = await codes(issuance, orjson.dumps(signed(listed_at(server), server)))
    assert seen[5] == "status_unknown"


def expired(server: Stranger, **members: Any) -> Document:
    """Return a credential that is over, and says where a newer one is."""
    server.serves("/status/1", orjson.dumps(signed(status_list(server), server)))
    service = {"id": f"{server.url}/refresh", "type": "1EdTechCredentialRefresh"}
    return credential(server, **{"@context": CONTEXTS, "validUntil": OVER, "refreshService": service, **members})


def renewed(document: Document, **members: Any) -> Document:
    again = {"id": document["refreshService"]["id"].replace("/refresh", "/again"), "type": "1EdTechCredentialRefresh"}
    return {**document, "validFrom": OVER, "validUntil": "2999-04-01T00:00:00Z", "refreshService": again, **members}


async def test_a_refreshed_credential_counts_in_its_newest_form(issuance: Service, server: Stranger) -> None:
    document = expired(server)
    server.serves("/refresh", orjson.dumps(signed(renewed(document), server)))

    verified, seen = await codes(issuance, orjson.dumps(signed(document, server)))

    assert verified, seen
    assert seen[4:] == ["dates_passed", "status_passed"]
    assert asked(server, "/refresh") == 1
    assert asked(server, "/again") == 0


@pytest.mark.parametrize(
    ("wrong", "after"),
    [
        ({"id": "urn:uuid:0b4d7b1e-0000-4000-8000-000000000000"}, {}),
        ({"validFrom": "2020-01-01T00:00:00Z"}, {}),
        ({"issuer": {"id": "did:web:somebody.example", "type": ["Profile"], "name": "Elsewhere"}}, {}),
        ({"awardedDate": "yesterday"}, {}),
        ({}, {"validUntil": "2998-01-01T00:00:00Z"}),
    ],
    ids=str,
)
async def test_what_is_not_a_newer_form_of_it_changes_nothing(
    issuance: Service, server: Stranger, wrong: Document, after: Document
) -> None:
    document = expired(server)
    server.serves("/refresh", orjson.dumps({**signed(renewed(document, **wrong), server), **after}))

    _, seen = await codes(issuance, orjson.dumps(signed(document, server)))

    assert seen[2:] == ["proof_passed", "issuer_passed", "expired", "status_passed"]


@pytest.mark.parametrize("answer", [None, b"{", b"a.b.c", b"\xff"])
async def test_without_a_newer_form_the_one_that_was_shown_counts(
    issuance: Service, server: Stranger, answer: bytes | None
) -> None:
    document = expired(server, validUntil="2999-01-01T00:00:00Z")
    if answer is not None:
        server.serves("/refresh", answer)

    verified, seen = await codes(issuance, orjson.dumps(signed(document, server)))

    assert verified, seen


async def test_what_was_revoked_is_not_made_good_by_a_newer_form(issuance: Service, server: Stranger) -> None:
    document = expired(server)
    elsewhere = {**document["credentialStatus"], "statusListIndex": "6"}
    server.serves("/refresh", orjson.dumps(signed(renewed(document, credentialStatus=elsewhere), server)))
    server.serves("/status/1", orjson.dumps(signed(status_list(server, 5), server)))
    assert (await codes(issuance, orjson.dumps(signed(document, server))))[1][5] == "revoked"

    issuance.app.state.desk.checker.fetcher._kept.clear()
    server.serves("/status/1", orjson.dumps(signed(status_list(server, 6), server)))
    assert (await codes(issuance, orjson.dumps(signed(document, server))))[1][5] == "revoked"


async def test_nobody_is_asked_for_what_is_not_proved(issuance: Service, server: Stranger) -> None:
    document = signed(expired(server), server)

    await codes(issuance, orjson.dumps({**document, "validUntil": "2026-04-02T00:00:00Z"}))

    assert asked(server, "/refresh") == 0


async def test_endorsements_are_told_beside_the_steps(issuance: Service, server: Stranger) -> None:
    server.serves("/status/1", orjson.dumps(signed(status_list(server), server)))
    document = credential(server)
    endorsement = unsigned(
        "credential",
        issuer={"id": did(server), "type": ["Profile"], "name": "Elsewhere"},
        credentialSubject={"id": document["id"], "type": ["EndorsementSubject"]},
    )
    good = signed(endorsement, server)
    carried = [{**each, "proof": [each["proof"]]} for each in (good, {**good, "name": "Another"})]

    async with issuance.client() as client:
        shown = orjson.dumps(signed({**document, "endorsement": carried}, server))
        answer = (await client.post("/credentials/verify", content=shown)).json()

    assert answer["verified"] is True
    assert [each["code"] for each in answer["endorsements"]] == ["endorsement_passed", "endorsement_failed"]
    assert "endorses this credential" in answer["endorsements"][0]["words"]
