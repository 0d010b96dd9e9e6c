"""HTTP out: what led to a credential, for the institution that issued it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict

from services.issuance.provenance import causes, key_of
from services.issuance.routes import AtDesk
from shared.contracts.envelope import Identifier
from shared.kit.auth import Caller, needs

router = APIRouter(tags=["provenance"])


class CauseView(BaseModel):
    """One event that led to a credential, where it stands (topic/partition/offset), and by which rule it counted."""

    model_config = ConfigDict(from_attributes=True)

    event_id: str
    type: str
    rule: str
    time: datetime | None
    place: str | None
    details: dict[str, Any]


class Provenance(BaseModel):
    """All that led to a credential as it stands now."""

    credential_id: str
    status: Literal["active", "suspended", "revoked"]
    key: str
    causes: list[CauseView]


@router.get(
    "/v1/credentials/{credential_id}/provenance",
    responses={404: {"description": "the institution has no such credential"}},
)
async def provenance(
    desk: AtDesk, caller: Annotated[Caller, Depends(needs("read"))], credential_id: Annotated[Identifier, Path()]
) -> Provenance:
    """Tell which events, policy version and rules led to a credential, and which key signed it."""
    award, found = await desk.registry.own_credential(caller.tenant, credential_id)
    told = [CauseView.model_validate(each) for each in causes(award, found)]
    return Provenance(credential_id=found.credential_id, status=found.status, key=key_of(found), causes=told)
