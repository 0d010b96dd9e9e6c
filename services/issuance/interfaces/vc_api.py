"""HTTP: VC-API (VCALM). Issue, verify, change the status; whoever speaks it needs nothing else of this service.

`POST /credentials/verify` stands in `checking/routes.py`, because it takes our own form as well.
"""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.issuance.errors import CredentialRefused
from services.issuance.interfaces.issuing import require_issuable, signed
from services.issuance.interfaces.status_change import StatusRequest, change_of
from services.issuance.interfaces.vc_answers import VerifiedPresentation
from services.issuance.interfaces.vc_examples import ISSUE, PRESENTATION
from services.issuance.interfaces.vc_verify import Asked, options_of, presentation_answered
from services.issuance.life_routes import Decider, Reason, Writing
from services.issuance.routes import STATUS_LIST, AtDesk, listed_as
from shared.kit.asked import Once
from shared.kit.auth import Caller, needs
from shared.kit.clock import asked_at
from shared.kit.prefer import Wait

router = APIRouter(tags=["VC-API"])

Issuing = Annotated[Caller, Depends(needs("credentials:issue"))]
_REASON = Reason(code="set-over-vc-api")
_CHECKS = 8
"""How many times as long as the check of one document a whole presentation may take."""


class IssueRequest(BaseModel):
    """A credential without a proof; `issuer` is the institution's own DID."""

    model_config = ConfigDict(json_schema_extra={"example": ISSUE})

    credential: dict[str, Any]
    options: dict[str, Any] = Field(default_factory=dict)


class Issued(BaseModel):
    """The credential with its proof."""

    verifiableCredential: dict[str, Any]  # noqa: N815 - VC-API's own name


class PresentationRequest(BaseModel):
    """A presentation with a proof, or `presentation` for one without."""

    model_config = ConfigDict(json_schema_extra={"example": PRESENTATION})

    verifiablePresentation: dict[str, Any] | None = None  # noqa: N815
    presentation: dict[str, Any] | None = None
    options: dict[str, Any] = Field(default_factory=dict)


class StatusAnswer(BaseModel):
    """What is to hold of a credential; `carried_out` tells whether status lists say so already."""

    credentialId: str  # noqa: N815
    statusPurpose: str  # noqa: N815
    status: bool
    carried_out: bool


Now = Annotated[datetime, Depends(asked_at)]


@router.post("/credentials/issue", status_code=201)
async def issue(desk: AtDesk, caller: Issuing, asked: IssueRequest, now: Now) -> Issued:
    """Sign a credential in the institution's name, and return it; it is not kept, and no status list of ours has it.

    400 for whatever Verifiable Credentials 2.0 forbids, for terms that its contexts do not define, and for another
    issuer than the token's. Credentials for passes issue themselves, and live in this service. `options.cryptosuite`
    names the proof: eddsa-rdfc-2022 or eddsa-jcs-2022 with an Ed25519 key, ecdsa-rdfc-2019 with a P-256 key.
    """
    if asked.options.get("mandatoryPointers"):
        raise CredentialRefused("options.mandatoryPointers", "is for selective disclosure, which is not offered here")
    require_issuable(asked.credential, desk.names, caller.tenant)
    moment = now.replace(microsecond=0)
    sandbox = desk.checker.sandbox
    document = await signed(
        asked.credential,
        desk.names,
        desk.keys,
        sandbox.hash_of,
        tenant=caller.tenant,
        now=moment,
        cryptosuite=asked.options.get("cryptosuite"),
    )
    return Issued(verifiableCredential=document)


@router.post("/presentations/verify", response_model_exclude_none=True)
async def verify_presentation(request: Request, desk: AtDesk, asked: PresentationRequest) -> VerifiedPresentation:
    """Verify a presentation and each credential in it.

    200 says in `verified` whether all of them hold; 400 that it is no verifiable presentation of VC 2.0 at all.
    """
    if (asked.verifiablePresentation is None) == (asked.presentation is None):
        raise CredentialRefused("verifiablePresentation", "is missing, or stands beside presentation")
    secured = asked.verifiablePresentation is not None
    shown = asked.verifiablePresentation if secured else asked.presentation
    wanted = Asked(shown, options_of(asked.options))
    try:
        async with asyncio.timeout(_CHECKS * request.app.state.settings.check_deadline_s):
            return await presentation_answered(desk.checker, wanted, secured=secured)
    except TimeoutError as error:
        raise CredentialRefused("verifiablePresentation", "takes too long: present fewer credentials") from error


@router.post(
    "/credentials/status",
    status_code=202,
    responses={
        200: {"model": StatusAnswer, "description": "it holds already (Prefer: wait, or it did before)"},
        404: {"description": "the institution has no such credential"},
        409: {"description": "it makes no sense as the credential stands; `detail` names the cure"},
    },
)
async def change_status(  # noqa: PLR0913 - what FastAPI hands in
    *,
    request: Request,
    response: Response,
    desk: AtDesk,
    caller: Writing,
    asked: StatusRequest,
    wait: Wait,
    now: Now,
    once: Once = "",
) -> StatusAnswer:
    """Revoke, suspend or reinstate a credential: 202 when the log has it, 200 when status lists say so."""
    credential_id = asked.credentialId.removeprefix(desk.names.credential(""))
    _, credential = await desk.registry.own_credential(caller.tenant, credential_id)
    kind = change_of(asked, credential, desk.names)
    done = kind is None
    if kind is None:
        response.status_code = 200
    else:
        decider = Decider(
            request=request,
            response=response,
            desk=desk,
            caller=caller,
            credential_id=credential_id,
            wait=wait,
            now=now,
            once=once,
        )
        done = (await decider.take(kind, _REASON)).carried_out
    return StatusAnswer(
        credentialId=asked.credentialId,
        statusPurpose=asked.credentialStatus.statusPurpose,
        status=asked.status,
        carried_out=done,
    )


@router.get("/status-lists/{list_id}", response_class=Response, responses=STATUS_LIST)
async def status_list(desk: AtDesk, list_id: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the list of revocations at the address where VC-API has it; its id says where it is at home."""
    return listed_as(await desk.lists.published(list_id, "revocation"), if_none_match)
