"""HTTP: a learner's own copy of a credential, made out to their address at the moment they ask for it."""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.issuance import media
from services.issuance.did import method_of
from services.issuance.examples import CLAIM, CLAIMED
from services.issuance.jsonld.skeleton import prepared
from services.issuance.proofs.proof import secured
from services.issuance.recipient import addressed
from services.issuance.wording import legible, timestamp
from shared.kit.auth import Caller, needs
from shared.kit.problem import Problem

router = APIRouter(prefix="/v1", tags=["credentials"])

Claiming = Annotated[Caller, Depends(needs("credentials:claim"))]


class Claim(BaseModel):
    """Who asks, by the word of the institution: the address is hashed with a salt of its own and then forgotten."""

    model_config = ConfigDict(json_schema_extra={"example": CLAIM})

    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
    licence_number: Annotated[str | None, StringConstraints(min_length=1, max_length=100)] = Field(
        None, description="the number of the licence that comes with it, where there is one"
    )


@router.post(
    "/credentials/{credential_id}/claim",
    response_class=Response,
    responses={
        200: {"content": {media.CREDENTIAL: {"example": CLAIMED}}},
        404: {"description": "the institution has issued no such credential"},
        409: {"description": "it was revoked"},
    },
)
async def claim(request: Request, caller: Claiming, credential_id: str, wanted: Claim) -> Response:
    """Return a copy of a credential that names its recipient by a salted hash of their e-mail address.

    It is the same credential, with the same id and the same place in the status list, signed anew. Nothing is kept:
    whoever asks again gets another salt.
    """
    desk = request.app.state.desk
    award, credential = await desk.registry.own_credential(caller.tenant, credential_id)
    if credential.revoked:
        raise Problem(409, detail=f"credential {credential_id} was revoked: {credential.revoked.reason}")
    number = None if wanted.licence_number is None else legible(wanted.licence_number)
    copy = addressed(orjson.loads(credential.document), wanted.email, token_hex(16), number)
    now = datetime.now(UTC).replace(microsecond=0)
    signer = desk.keys.signer_at(award.tenant, now)
    method = method_of(desk.names, award.tenant, signer)
    skeleton = prepared(copy, {})
    document = await desk.keys.settled(lambda: secured(skeleton, {}, signer, created=timestamp(now), method=method))
    return Response(document, media_type=media.CREDENTIAL, headers={"Cache-Control": "no-store"})
