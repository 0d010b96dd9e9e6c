"""HTTP: what this service publishes, and the check of credentials. All of it is public."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Self

import orjson
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from services.issuance import media, page
from services.issuance.checker import Checker
from services.issuance.credential import CONTEXTS, Names, achievement
from services.issuance.did import did_document
from services.issuance.examples import CREDENTIAL, REPORT
from services.issuance.keyring import KeyRing
from services.issuance.lists import Published, StatusLists
from services.issuance.report import Outcome
from services.issuance.sandbox import Sandbox
from services.issuance.screen import MAX_BYTES, parsed
from services.issuance.store import Registry
from shared.kit.problem import Problem
from shared.kit.store import Reader

router = APIRouter(tags=["credentials"])

#: Wallets and verifiers run in browsers on other hosts, and all of this is public.
_ANYWHERE = {"Access-Control-Allow-Origin": "*"}
_MOMENT = {**_ANYWHERE, "Cache-Control": "public, max-age=1"}
_STATUS: dict[int | str, dict[str, Any]] = {
    200: {"content": {media.CREDENTIAL: {}}},
    304: {"description": "It has not changed."},
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes work with."""

    names: Names
    keys: KeyRing
    registry: Registry
    lists: StatusLists
    checker: Checker

    @classmethod
    def of(cls, names: Names, keys: KeyRing, reader: Reader, sandbox: Sandbox) -> Self:
        """Put a desk together."""
        registry = Registry(reader)
        lists = StatusLists(names, keys, registry)
        return cls(names, keys, registry, lists, Checker(names, keys, registry, lists, sandbox))


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


class StepAnswer(BaseModel):
    """One step of a check, in words for whoever was shown the credential."""

    step: str
    outcome: Outcome
    words: str


class CheckAnswer(BaseModel):
    """Whether a credential may be relied on, and how each step of the check went."""

    verified: bool
    steps: list[StepAnswer]


@router.get(
    "/credentials/{credential_id}",
    response_class=Response,
    responses={200: {"content": {media.CREDENTIAL: {"example": CREDENTIAL}, media.HTML: {}}}},
)
async def credential(desk: AtDesk, credential_id: str, accept: Annotated[str, Header()] = "*/*") -> Response:
    """Return a credential as it was signed, or a page about it to a browser."""
    _, found = await desk.registry.credential(credential_id)
    kind = media.wanted(accept)
    if kind == media.HTML:
        headers = {**_MOMENT, **page.HEADERS, "Vary": "Accept"}
        return HTMLResponse(page.page_of(found, orjson.loads(found.document)), headers=headers)
    return Response(found.document, media_type=kind, headers={**_MOMENT, "Vary": "Accept"})


@router.get("/status/{list_id}", response_class=Response, responses=_STATUS)
async def status_list(desk: AtDesk, list_id: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the list of revocations, which credentials name; nobody can tell whose entry is looked up."""
    return _listed(await desk.lists.published(list_id, "revocation"), if_none_match)


@router.get("/status/{list_id}/suspension", response_class=Response, responses=_STATUS)
async def suspension_list(desk: AtDesk, list_id: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the list of suspensions: a credential stands in it where it stands in the list of revocations."""
    return _listed(await desk.lists.published(list_id, "suspension"), if_none_match)


def _listed(published: Published, if_none_match: str) -> Response:
    headers = {**_MOMENT, "ETag": published.tag}
    if published.tag in if_none_match:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(published.document, media_type=media.CREDENTIAL, headers=headers)


@router.get("/issuers/{tenant}/did.json", response_class=Response)
async def issuer(desk: AtDesk, tenant: str) -> Response:
    """Return an institution's DID document (did:web), which names the key of its credentials."""
    await desk.registry.issuer(tenant)
    document = orjson.dumps(did_document(desk.names, tenant, desk.keys))
    return Response(document, media_type="application/did+ld+json", headers=_MOMENT)


@router.get("/issuers/{tenant}/achievements/{offering:path}", response_class=Response)
async def achievement_of(desk: AtDesk, tenant: str, offering: str) -> Response:
    """Return what an institution certifies with an offering, as last published."""
    known = await desk.registry.offering(tenant, offering)
    document = {"@context": CONTEXTS, **achievement(known, desk.names)}
    return Response(orjson.dumps(document), media_type="application/ld+json", headers=_MOMENT)


@router.post(
    "/credentials/verify",
    responses={200: {"content": {"application/json": {"example": REPORT}}}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}, "example": CREDENTIAL}},
        }
    },
)
async def verify(desk: AtDesk, request: Request) -> CheckAnswer:
    """Check a credential step by step: the credential itself, or `{"verifiableCredential": ...}`; at most 256 KiB."""
    report = await desk.checker.check(_presented(await request.body()))
    steps = [StepAnswer(step=each.step, outcome=each.outcome, words=each.words) for each in report.steps]
    return CheckAnswer(verified=report.verified, steps=steps)


def _presented(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BYTES:
        raise Problem(413, detail=f"body: more than {MAX_BYTES} bytes; no credential is that large")
    document = parsed(body)
    presented = document.get("verifiableCredential", document)
    return presented if isinstance(presented, dict) else {}
