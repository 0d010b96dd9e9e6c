"""Issuers whose name is the address of their page, on a real server."""

from typing import Any

import orjson
import pytest

from services.issuance.proofs.vcjwt import signed_jwt
from tests.integration.issuance.elsewhere import SIGNER, Document, codes, credential, page, signed, status_list
from tests.integration.issuance.webserver import Stranger
from tests.unit.issuance.desk import Service


def at_address(server: Stranger, **changes: Any) -> tuple[str, Document]:
    """Return an issuer whose name is the address of its page, which is there with these changes, and its profile."""
    name = f"{server.url}/issuers/565049"
    server.serves("/issuers/565049", orjson.dumps({**page(name), **changes}))
    server.serves("/status/1", orjson.dumps(signed(status_list(server, issuer=name), server, name)))
    return name, {"id": name, "type": ["Profile"], "name": "Elsewhere"}


async def test_an_issuer_may_be_named_by_the_address_of_its_page(issuance: Service, server: Stranger) -> None:
    name, profile = at_address(server)
    document = credential(server, issuer=profile)

    for shown in (
        orjson.dumps(signed(document, server, name)),
        signed_jwt(document, SIGNER, f"{name}#key-1").encode(),
    ):
        verified, seen = await codes(issuance, shown)
        assert verified, seen


@pytest.mark.parametrize("changes", [{"id": "https://somebody.example/"}, {"id": None}, {"assertionMethod": []}])
async def test_an_address_that_does_not_vouch_for_the_key_leaves_the_issuer_unknown(
    issuance: Service, server: Stranger, changes: Document
) -> None:
    name, profile = at_address(server, **changes)

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server, issuer=profile), server, name)))

    assert seen[2:4] == ["proof_unknown", "issuer_unknown"]


async def test_an_address_that_does_not_answer_is_unreachable(issuance: Service, server: Stranger) -> None:
    name, profile = at_address(server)
    del server.answers["/issuers/565049"]

    _, seen = await codes(issuance, orjson.dumps(signed(credential(server, issuer=profile), server, name)))

    assert seen[3] == "issuer_unreachable"
