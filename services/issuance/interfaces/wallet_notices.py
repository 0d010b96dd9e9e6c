"""HTTP: the notification endpoint of OpenID4VCI 1.0 (section 11), where a wallet tells what became of a credential.

It is one line in the log, for whoever looks after offers that never arrive; nothing is decided by it, and nothing kept.
"""

from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field

from services.issuance.interfaces.oauth_errors import ERRORS, refusal
from services.issuance.interfaces.offers import Now, TenantPath, WithSeals
from services.issuance.interfaces.seals import Kind, SealBroken
from services.issuance.interfaces.wallet_credential import MOST_CHARS, access_in

router = APIRouter(prefix="/issuers/{tenant}/oid4vci", tags=["OpenID4VCI"], responses=ERRORS)
_log = structlog.get_logger(__name__)


class Notification(BaseModel):
    """What became of it; parameters that are not known are left alone."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"example": {"notification_id": "eyJhbGciOi...", "event": "credential_accepted"}},
    )

    notification_id: str = Field(max_length=MOST_CHARS)
    event: Literal["credential_accepted", "credential_failure", "credential_deleted"]
    event_description: str | None = Field(
        None,
        max_length=1_000,
        pattern=r"^[\x20-\x21\x23-\x5b\x5d-\x7e]*$",
        description="not logged: a person may stand in it",
    )


@router.post("/notification", status_code=204)
async def notification(
    *,
    seals: WithSeals,
    tenant: TenantPath,
    told: Notification,
    now: Now,
    authorization: Annotated[str, Header(max_length=MOST_CHARS + 10)] = "",
) -> None:
    """Take note of what became of a credential; the same again is the same answer."""
    access = access_in(authorization, seals, tenant, now)
    try:
        notice = seals.opened(Kind.NOTICE, told.notification_id, tenant, now)
    except SealBroken as error:
        raise refusal("invalid_notification_id", f"notification_id: {error}") from error
    if notice.token != access.jti:
        raise refusal("invalid_notification_id", "notification_id: was given with another access token")
    [configuration] = notice.configurations
    _log.info("wallet.told", told=told.event, tenant=tenant, credential=notice.credential, configuration=configuration)
