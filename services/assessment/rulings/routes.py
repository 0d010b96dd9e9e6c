"""HTTP in: what an institution rules on grades, each as one event that the worker counts in."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.assessment.errors import OfferingUnknown
from services.assessment.rulings.commands import Kind, ruled
from services.assessment.store import ProgressBook
from shared.contracts.assessment import PolicyVersion
from shared.contracts.envelope import Event, Identifier, Instant, LearnerEvent, LearnerRef
from shared.kit.append import append
from shared.kit.asked import Asked, Once
from shared.kit.auth import Caller, needs
from shared.kit.clock import asked_at
from shared.kit.prefer import Wait, waited

router = APIRouter(prefix="/v1", tags=["rulings"])
_OFFERING: dict[str, Any] = {"offering": "AAA/2013J"}
_LEARNER: dict[str, Any] = {**_OFFERING, "learner": "lrn-7f3a"}
Everybody = Annotated[LearnerRef | None, Field(description="left out: all learners of the offering")]


class _Asked(BaseModel):
    offering: Identifier


class Release(_Asked):
    """Whose results are released, those handed in until now: of one component, or of all."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [_OFFERING, {**_LEARNER, "component": "exam"}]}
    )

    learner: Everybody = None
    component: Identifier | None = None


class Extension(_Asked):
    """Until when one learner may hand in; a later extension takes the place of an earlier one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{**_LEARNER, "component": "tma-1", "due": "2026-10-19T12:00:00Z"}]},
    )

    learner: LearnerRef
    component: Identifier
    due: Instant


class Migration(_Asked):
    """Who is judged under another version of the policy from now on: only who is under `from_version`, if given."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {**_OFFERING, "policy_version": "3f8a1c09be77", "from_version": "0c9d5b7e1a22"},
                {**_LEARNER, "policy_version": "3f8a1c09be77"},
            ]
        },
    )

    learner: Everybody = None
    policy_version: PolicyVersion
    from_version: PolicyVersion | None = None


class Taken(BaseModel):
    """The ruling that the log has; `counted_in` is whether the learner's grade, or the offering, holds it already."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {**_LEARNER, "ruling": "0b6d5c1e-3f1c-5f43-9d0e-6a1f0a8f6f11", "counted_in": False}
        }
    )

    ruling: str
    offering: Identifier
    learner: LearnerRef | None = None
    counted_in: bool = Field(description="ask with `Prefer: wait=2` to know; learners are told one after another")


Ruling = Annotated[Caller, Depends(needs("grades:write"))]


class Ruler:
    """Takes one request for a ruling to the log."""

    def __init__(  # noqa: PLR0913 - what FastAPI hands in
        self,
        *,
        request: Request,
        response: Response,
        caller: Ruling,
        wait: Wait,
        now: Annotated[datetime, Depends(asked_at)],
        once: Once = "",
    ) -> None:
        """Keep what was asked."""
        self._app = request.app
        self._response = response
        self._book = ProgressBook(request.app.state.reader)
        self._wait = wait
        self._asked = Asked(caller, now, request.state.traceparent, once)

    async def take(self, kind: Kind, asked: Release | Extension | Migration) -> Taken:
        """Append the ruling; answer 202, or 200 when the client waited and it is counted in.

        Raises:
            OfferingUnknown: the institution has no such offering.
            RulingRefused: it names what the offering does not have.

        """
        tenant = self._asked.caller.tenant
        offering = await self._book.offering(tenant, asked.offering)
        if offering is None or not offering.policies:
            raise OfferingUnknown(asked.offering)
        terms = asked.model_dump(exclude={"offering", "learner"}, exclude_none=True)
        event = ruled(kind, offering, asked.learner, self._asked, **terms)
        await append(self._app.state.publisher, event, self._app.state.settings.publish_timeout_s)
        done = await waited(self._response, self._wait, lambda: self._holds(asked.offering, event))
        return Taken(ruling=event.id, offering=asked.offering, learner=asked.learner, counted_in=done)

    async def _holds(self, offering: str, event: Event) -> bool:
        tenant = self._asked.caller.tenant
        if isinstance(event, LearnerEvent):
            found = await self._book.of(tenant, event.learner_ref, offering)
            return found is not None and found[0].holds(event.id)
        known = await self._book.offering(tenant, offering)
        return known is not None and any(each.id == event.id for each in known.rulings)


Rules = Annotated[Ruler, Depends()]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Taken, "description": "it is counted in (Prefer: wait)"},
    404: {"description": "the institution has no such offering"},
    422: {"description": "it names a component or a version that the offering does not have"},
}


@router.post("/releases", status_code=202, responses=_ANSWERS)
async def release(ruler: Rules, asked: Release) -> Taken:
    """Release results handed in until now, where the policy keeps them back: of one learner, or of all."""
    return await ruler.take("release", asked)


@router.post("/extensions", status_code=202, responses=_ANSWERS)
async def extend(ruler: Rules, asked: Extension) -> Taken:
    """Move one learner's due date of a component, and the cut-off with it."""
    return await ruler.take("extension", asked)


@router.post("/migrations", status_code=202, responses=_ANSWERS)
async def migrate(ruler: Rules, asked: Migration) -> Taken:
    """Judge a learner, or all who are enrolled by now, under another version of the policy."""
    return await ruler.take("migration", asked)
