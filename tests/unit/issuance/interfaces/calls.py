"""Requests of the interfaces' tests."""

from typing import Any

import httpx

from services.issuance.jsonld.contexts import CREDENTIALS_V2
from tests.unit.issuance.builders import NAMES
from tests.unit.issuance.desk import Service

Document = dict[str, Any]
MISSING = object()


def bearer(service: Service, *scopes: str, tenant: str = "ou", **more: Any) -> dict[str, str]:
    """Return the header of a token with these scopes."""
    return {"Authorization": f"Bearer {service.app.state.tokens.issue(tenant, scopes, 'client', **more)}"}


def credential(**members: Any) -> Document:
    """Return an unsigned credential that is no badge; a member that is MISSING is left out."""
    document = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": NAMES.issuer("ou"),
        "validFrom": "2026-03-02T09:30:00Z",
        "credentialSubject": {"id": "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd", "name": "Member"},
        **members,
    }
    return {name: value for name, value in document.items() if value is not MISSING}


async def post(service: Service, path: str, body: Any, *scopes: str, **headers: str) -> httpx.Response:
    """Post JSON with a token of these scopes."""
    given = {**(bearer(service, *scopes) if scopes else {}), **headers}
    async with service.client() as client:
        if isinstance(body, bytes):
            return await client.post(path, content=body, headers=given)
        return await client.post(path, json=body, headers=given)


async def issue(service: Service, document: Document, **options: Any) -> httpx.Response:
    """Have a credential signed."""
    return await post(service, "/credentials/issue", {"credential": document, "options": options}, "credentials:issue")


async def verify(service: Service, document: Any, **options: Any) -> httpx.Response:
    """Have a credential verified in VC-API's form."""
    return await post(service, "/credentials/verify", {"verifiableCredential": document, "options": options})
