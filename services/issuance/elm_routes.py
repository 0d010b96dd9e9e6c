"""HTTP: a credential's data in the terms of the European Learning Model 3."""

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.issuance.elm import elm_document
from services.issuance.routes import AtDesk, Desk
from shared.contracts.envelope import Identifier
from shared.kit.auth import Caller, needs
from shared.kit.problem import Problem

ELM = "application/ld+json"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {ELM: {"schema": {"type": "object"}}}},
    404: {"description": "the institution has no such credential, or what its offering said then is not kept"},
    409: {"description": "it was revoked"},
}

router = APIRouter(prefix="/v1/credentials/{credential_id}/elm", tags=["credentials"])

Reading = Annotated[Caller, Depends(needs("read"))]
CredentialId = Annotated[Identifier, Path()]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S", strip_whitespace=True)]


class LearnerSaid(BaseModel):
    """Who the learner is, by the word of the institution; it stands in the answer and is kept nowhere."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"given_name": "Aroha", "family_name": "Tane"}}
    )

    full_name: Name | None = None
    given_name: Name | None = None
    family_name: Name | None = None
    date_of_birth: date | None = None
    national_id: Name | None = None
    national_id_country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = Field(
        None, description="ISO 3166-1, two letters"
    )


@router.get("", response_class=Response, responses=_ANSWERS)
async def show_elm(desk: AtDesk, caller: Reading, credential_id: CredentialId) -> Response:
    """Show a credential's data as JSON-LD; nobody here knows the learner's name, so none stands in it."""
    return await _shown(desk, caller, credential_id, {})


@router.post("", response_class=Response, responses=_ANSWERS)
async def show_elm_of(desk: AtDesk, caller: Reading, credential_id: CredentialId, learner: LearnerSaid) -> Response:
    """Show a credential's data as JSON-LD, with what the request says of the learner. None of it is kept."""
    return await _shown(desk, caller, credential_id, learner.model_dump(exclude_none=True))


async def _shown(desk: Desk, caller: Caller, credential_id: str, learner: dict[str, Any]) -> Response:
    award, credential = await desk.registry.own_credential(caller.tenant, credential_id)
    if credential.revoked:
        raise Problem(409, detail=f"credential {credential_id} was revoked: {credential.revoked.reason}")
    offering = await desk.registry.publication(award.tenant, award.offering, credential.publication)
    document = elm_document(credential, offering, desk.names, learner)
    return Response(orjson.dumps(document), media_type=ELM, headers={"Cache-Control": "no-store"})
