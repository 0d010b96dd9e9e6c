"""HTTP: what this service publishes. All of it is public."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Self

import orjson
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import HTMLResponse

from services.issuance import media
from services.issuance.checking.checker import Checker
from services.issuance.checking.presented import Presented
from services.issuance.checking.report import Report
from services.issuance.credential import CONTEXTS, Names, achievement
from services.issuance.did import did_document, method_of
from services.issuance.domain import Award, Credential
from services.issuance.errors import FormMissing, KeyUnknown
from services.issuance.examples import CREDENTIAL
from services.issuance.facts import facts_of
from services.issuance.fetching.fetcher import Fetcher
from services.issuance.fetching.own import OwnFirst
from services.issuance.forms.press import Press
from services.issuance.jsonld.sandbox import Sandbox
from services.issuance.keys.ring import KeyRing
from services.issuance.lists import Published, StatusLists
from services.issuance.pages.credential import page_of
from services.issuance.pages.frame import HEADERS
from services.issuance.proofs.vcjwt import signed_jwt
from services.issuance.provenance import causes
from services.issuance.standing import standing_of
from services.issuance.store import Registry
from shared.kit.store import Reader

router = APIRouter(tags=["credentials"])

MOMENT = {"Cache-Control": "public, max-age=1"}
STATUS_LIST: dict[int | str, dict[str, Any]] = {
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
    fetcher: Fetcher
    press: Press

    @classmethod
    def of(  # noqa: PLR0913 - the parts that a desk is put together from
        cls, names: Names, keys: KeyRing, reader: Reader, sandbox: Sandbox, *, fetcher: Fetcher, plain: bool = False
    ) -> Self:
        """Put a desk together; `plain` as `Checker` has it."""
        registry = Registry(reader)
        lists = StatusLists(names, keys, registry)
        checker = Checker(names, keys, registry, lists, sandbox, fetcher, plain)
        return cls(names, keys, registry, lists, checker, OwnFirst(names, registry, fetcher), Press())

    async def check(self, shown: Presented, *, endorsements: bool = True) -> Report:
        """Return how each step of the check of what was shown went; `endorsements` as `verifier.check` has it."""
        if shown.document is None:
            return await self.checker.check_jwt(shown.jwt, endorsements=endorsements)
        return await self.checker.check(shown.document, endorsements=endorsements)

    async def jwt_of(self, award: Award, credential: Credential) -> bytes:
        """Return a credential as a JWT, signed by its institution's key; the same bytes every time.

        Raises:
            FormMissing: the key is of a kind that signs no JWT.
            SignerAway, SignerRefused: the key is elsewhere, and does not sign.

        """
        document = orjson.loads(credential.document)
        signer = self.keys.jwt_signer_at(award.tenant, credential.valid_from)
        method = method_of(self.names, award.tenant, signer)
        try:
            return (await self.keys.settled(lambda: signed_jwt(document, signer, method))).encode()
        except KeyUnknown as error:
            raise FormMissing(f"{credential.credential_id} is not to be had as a JWT: {error}") from error


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


@router.get(
    "/credentials/{credential_id}",
    response_class=Response,
    responses={
        200: {"content": {media.CREDENTIAL: {"example": CREDENTIAL}, media.HTML: {}, media.JWT: {}, media.TEXT: {}}}
    },
)
async def credential(desk: AtDesk, credential_id: str, accept: Annotated[str, Header()] = "*/*") -> Response:
    """Return a credential as it was signed, as a JWT to who asks for one, or a page about it to a browser."""
    award, found = await desk.registry.credential(credential_id)
    kind = media.wanted(accept)
    if kind == media.HTML:
        facts = facts_of(orjson.loads(found.document))
        standing = standing_of(found, facts, datetime.now(UTC))
        page = page_of(credential_id, facts, standing, causes(award, found))
        return HTMLResponse(page, headers={**MOMENT, **HEADERS, "Vary": "Accept"})
    content = await desk.jwt_of(award, found) if kind in {media.JWT, media.TEXT} else found.document
    return Response(content, media_type=kind, headers={**MOMENT, "Vary": "Accept"})


@router.get("/status/{list_id}", response_class=Response, responses=STATUS_LIST)
async def status_list(desk: AtDesk, list_id: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the list of revocations, which credentials name; nobody can tell whose entry is looked up."""
    return listed_as(await desk.lists.published(list_id, "revocation"), if_none_match)


@router.get("/status/{list_id}/suspension", response_class=Response, responses=STATUS_LIST)
async def suspension_list(desk: AtDesk, list_id: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the list of suspensions: a credential stands in it where it stands in the list of revocations."""
    return listed_as(await desk.lists.published(list_id, "suspension"), if_none_match)


def listed_as(published: Published, if_none_match: str) -> Response:
    """Return a status list, or that it has not changed."""
    headers = {**MOMENT, "ETag": published.tag}
    if published.tag in if_none_match:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(published.document, media_type=media.CREDENTIAL, headers=headers)


@router.get("/issuers/{tenant}/did.json", response_class=Response)
async def issuer(desk: AtDesk, tenant: str) -> Response:
    """Return an institution's DID document (did:web), which names the key of its credentials."""
    await desk.registry.issuer(tenant)
    document = orjson.dumps(did_document(desk.names, tenant, desk.keys))
    return Response(document, media_type="application/did+ld+json", headers=MOMENT)


@router.get("/issuers/{tenant}/achievements/{offering:path}", response_class=Response)
async def achievement_of(desk: AtDesk, tenant: str, offering: str) -> Response:
    """Return what an institution certifies with an offering, as last published."""
    known = await desk.registry.offering(tenant, offering)
    document = {"@context": CONTEXTS, **achievement(known, desk.names)}
    return Response(orjson.dumps(document), media_type="application/ld+json", headers=MOMENT)
