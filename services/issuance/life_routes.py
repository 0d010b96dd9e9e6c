"""HTTP in: what an institution decides about its credentials, each as one event that the worker carries out."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.issuance.commands import Log, decided
from services.issuance.domain import Award, Credential, Kind
from services.issuance.routes import AtDesk, Desk
from shared.contracts.assessment import Grade
from shared.contracts.decisions import Note, ReasonCode
from shared.contracts.envelope import Identifier, Instant, derived_id
from shared.kit.asked import Asked, Once
from shared.kit.auth import Caller, needs
from shared.kit.clock import asked_at
from shared.kit.prefer import Wait, waited

router = APIRouter(prefix="/v1/credentials/{credential_id}", tags=["life of a credential"])


class Reason(BaseModel):
    """Why: a word that may be shown to everybody, and a note that stays with the institution."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"code": "issued-in-error"}})

    code: ReasonCode
    note: Note | None = None


class Renewal(Reason):
    """Until when the credential is valid; left out, without an end."""

    valid_until: Instant | None = None


class Correction(Reason):
    """What is right: the grade, where that was wrong. All else is what the offering says now."""

    grade_percent: Grade | None = None


class Taken(BaseModel):
    """The decision that the log has; `status` is how the credential stands as far as the read model knows."""

    credential_id: str
    decision: str
    status: Literal["active", "suspended", "revoked"]
    carried_out: bool = Field(description="whether the worker has carried it out; ask with `Prefer: wait=2` to know")
    reawarded: str | None = Field(None, description="the id of the new credential")


Writing = Annotated[Caller, Depends(needs("credentials:write"))]


class Decider:
    """Takes one request for a decision to the log."""

    def __init__(  # noqa: PLR0913 - what FastAPI hands in
        self,
        *,
        request: Request,
        response: Response,
        desk: AtDesk,
        caller: Writing,
        credential_id: Annotated[Identifier, Path()],
        wait: Wait,
        now: Annotated[datetime, Depends(asked_at)],
        once: Once = "",
    ) -> None:
        """Keep what was asked."""
        self._desk: Desk = desk
        self._response = response
        self._credential_id = credential_id
        self._wait = wait
        self._asked = Asked(caller, now, request.state.traceparent, once)
        self._log = Log(request.app.state.publisher, request.app.state.settings.publish_timeout_s)

    async def take(self, kind: Kind, reason: Reason) -> Taken:
        """Append the decision; answer 202, or 200 when the client waited and it is carried out.

        Raises:
            CredentialNotFound: the institution has none of this id.
            DecisionRefused: it makes no sense as the credential stands.

        """
        event = decided(kind, *await self._found(), self._asked, **reason.model_dump(exclude_none=True))
        await self._log.append(event)
        done = await waited(self._response, self._wait, partial(self._knows, event.id))
        award, credential = await self._found()
        new = derived_id("credential", event.id)
        return Taken(
            credential_id=credential.credential_id,
            decision=event.id,
            status=credential.status,
            carried_out=done,
            reawarded=new if award.credential(new) else None,
        )

    async def _found(self) -> tuple[Award, Credential]:
        return await self._desk.registry.own_credential(self._asked.caller.tenant, self._credential_id)

    async def _knows(self, decision: str) -> bool:
        award, _ = await self._found()
        return any(one.id == decision for one in award.decisions)


Deciding = Annotated[Decider, Depends()]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Taken, "description": "the worker has carried it out (Prefer: wait)"},
    404: {"description": "the institution has no such credential"},
    409: {"description": "it makes no sense as the credential stands; `detail` names the cure"},
}


@router.post("/revoke", status_code=202, responses=_ANSWERS)
async def revoke(decider: Deciding, reason: Reason) -> Taken:
    """Revoke a credential for good: 202 when the log has it; with `Prefer: wait=N` 200 as soon as it is carried out."""
    return await decider.take("revoke", reason)


@router.post("/suspend", status_code=202, responses=_ANSWERS)
async def suspend(decider: Deciding, reason: Reason) -> Taken:
    """Suspend a credential until it is reinstated."""
    return await decider.take("suspend", reason)


@router.post("/reinstate", status_code=202, responses=_ANSWERS)
async def reinstate(decider: Deciding, reason: Reason) -> Taken:
    """Let a suspended credential stand again."""
    return await decider.take("reinstate", reason)


@router.post("/renew", status_code=202, responses=_ANSWERS)
async def renew(decider: Deciding, renewal: Renewal) -> Taken:
    """Sign a credential anew, under its id, with another end."""
    return await decider.take("renew", renewal)


@router.post("/correct", status_code=202, responses=_ANSWERS)
async def correct(decider: Deciding, correction: Correction) -> Taken:
    """Sign a credential anew, under its id, with what is right; what it said before is revoked."""
    return await decider.take("correct", correction)


@router.post("/reaward", status_code=202, responses=_ANSWERS)
async def reaward(decider: Deciding, reason: Reason) -> Taken:
    """Issue a new credential in place of a revoked one."""
    return await decider.take("reaward", reason)
