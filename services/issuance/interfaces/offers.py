"""HTTP: offers of credentials to wallets, and where wallets learn what this institution offers (OpenID4VCI 1.0).

An offer of a copy made out to the wallet's key is the institution's to make, for whoever scans it gets that copy. An
offer of what is published anyway is everybody's.
"""

from datetime import datetime, timedelta
from secrets import randbelow
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.issuance.errors import CredentialNotFound
from services.issuance.forms.qr import qr_code
from services.issuance.interfaces.oauth_errors import ERRORS, NO_STORE
from services.issuance.interfaces.seals import Kind, SealBroken, Seals
from services.issuance.interfaces.wallet_names import (
    BOUND,
    PUBLIC,
    TX_CODE_LENGTH,
    WalletNames,
    by_reference,
    by_value,
)
from services.issuance.routes import AtDesk
from shared.contracts.envelope import Identifier, Tenant
from shared.kit.auth import Caller, needs
from shared.kit.clock import asked_at
from shared.kit.problem import Problem

router = APIRouter(tags=["OpenID4VCI"])

Claiming = Annotated[Caller, Depends(needs("credentials:claim"))]
TenantPath = Annotated[Tenant, Path()]
_PUBLIC_LIFETIME = timedelta(minutes=10)
_JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}}


class OfferWanted(BaseModel):
    """How an offer is to be: with a transaction code, which reaches the learner on another way, and for how long."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"tx_code": True, "lifetime_s": 3600}})

    tx_code: bool = True
    lifetime_s: int = Field(3600, ge=60, le=86_400)


class Offer(BaseModel):
    """An offer to hand to one learner: as a link for the same device, as a QR code (SVG) for another one."""

    credential_offer: dict[str, Any]
    credential_offer_uri: str
    link: str
    link_by_reference: str
    qr: str
    tx_code: str | None = Field(None, description="to be given to the learner, and not on the way of the offer")
    expires: datetime


def _seals(request: Request) -> Seals:
    seals: Seals = request.app.state.seals
    return seals


Now = Annotated[datetime, Depends(asked_at)]
WithSeals = Annotated[Seals, Depends(_seals)]


@router.post(
    "/v1/credentials/{credential_id}/offer",
    responses={
        404: {"description": "the institution has issued no such credential"},
        409: {"description": "it was revoked"},
    },
)
async def offer(  # noqa: PLR0913 - what FastAPI hands in
    *,
    desk: AtDesk,
    seals: WithSeals,
    caller: Claiming,
    credential_id: Annotated[Identifier, Path()],
    wanted: OfferWanted,
    now: Now,
    response: Response,
) -> Offer:
    """Make an offer of a copy that names the key of the wallet which takes it; it can be taken once.

    Nothing is kept: the code in it carries what it is good for. Lost offers are made anew.
    """
    award, credential = await desk.registry.own_credential(caller.tenant, credential_id)
    if credential.revoked:
        raise Problem(409, detail=f"credential {credential_id} was revoked: {credential.revoked.reason}")
    tx_code = f"{randbelow(10**TX_CODE_LENGTH):0{TX_CODE_LENGTH}}" if wanted.tx_code else ""
    lifetime = timedelta(seconds=wanted.lifetime_s)
    says = {"tenant": award.tenant, "credential": credential_id, "configurations": list(BOUND), "code": tx_code}
    code = seals.sealed(Kind.CODE, now, lifetime, **says)
    names = WalletNames(desk.names, award.tenant)
    made, uri = names.offer(code, list(BOUND), with_tx_code=wanted.tx_code), names.endpoint(f"offers/{code}")
    response.headers.update(NO_STORE)
    return Offer(
        credential_offer=made,
        credential_offer_uri=uri,
        link=by_value(made),
        link_by_reference=by_reference(uri),
        qr=qr_code(by_reference(uri), "QR code that opens a wallet with this offer"),
        tx_code=tx_code or None,
        expires=(now + lifetime).replace(microsecond=0),
    )


@router.get("/credentials/{credential_id}/offer", response_class=Response, responses=_JSON)
async def public_offer(desk: AtDesk, seals: WithSeals, credential_id: str, now: Now) -> Response:
    """Return an offer of a credential as it is published, to be kept in a wallet; it names no key."""
    award, _ = await desk.registry.credential(credential_id)
    says = {"tenant": award.tenant, "credential": credential_id, "configurations": list(PUBLIC)}
    code = seals.sealed(Kind.CODE, now, _PUBLIC_LIFETIME, **says)
    return _json(WalletNames(desk.names, award.tenant).offer(code, list(PUBLIC), with_tx_code=False), NO_STORE)


@router.get("/issuers/{tenant}/oid4vci/offers/{code}", response_class=Response, responses={**_JSON, **ERRORS})
async def offer_of(desk: AtDesk, seals: WithSeals, tenant: TenantPath, code: str, now: Now) -> Response:
    """Return the offer of a code, to the wallet that was shown its address."""
    try:
        says = seals.opened(Kind.CODE, code, tenant, now)
    except SealBroken as error:
        raise CredentialNotFound(f"the offer {error}: ask for a new one") from error
    names = WalletNames(desk.names, tenant)
    return _json(names.offer(code, says.configurations, with_tx_code=bool(says.tx)), NO_STORE)


@router.get("/.well-known/openid-credential-issuer/issuers/{tenant}", response_class=Response, responses=_JSON)
async def issuer_metadata(desk: AtDesk, tenant: TenantPath, now: Now) -> Response:
    """Return what an institution offers to wallets (OpenID4VCI 1.0, section 12.2)."""
    known = await desk.registry.issuer(tenant)
    title = str(orjson.loads(known.definition)["issuer"]["name"])
    signers = desk.keys.signer_at(tenant, now), desk.keys.jwt_signer_at(tenant, now)
    return _json(WalletNames(desk.names, tenant).metadata(title, *(each.algorithm for each in signers)))


@router.get("/.well-known/oauth-authorization-server/issuers/{tenant}", response_class=Response, responses=_JSON)
async def server_metadata(desk: AtDesk, tenant: TenantPath) -> Response:
    """Return where wallets get their tokens (RFC 8414)."""
    await desk.registry.issuer(tenant)
    return _json(WalletNames(desk.names, tenant).server_metadata())


def _json(document: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(document), headers=headers, media_type="application/json")
