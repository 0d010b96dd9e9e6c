"""HTTP in and out, about learners themselves: who they are, that they are erased, that two are one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from services.enrolment.asking import Deciding, LearnerPath, Looking, Now
from services.enrolment.door.opening import log_of, vault_of
from services.enrolment.learners.commands import Decider
from services.enrolment.learners.store import LearnerBook
from services.enrolment.learners.views import Erasure, LearnerView, LinkView, identity_view
from shared.kit.auth import Caller
from shared.kit.prefer import Wait, waited

_GONE: dict[int | str, dict[str, Any]] = {410: {"description": "erased"}}
_LINKED: dict[int | str, dict[str, Any]] = {
    200: {"model": LinkView, "description": "the door knows it (Prefer: wait)"},
    409: {"description": "one of them is erased, or linked in another way"},
}

router = APIRouter(prefix="/v1/learners", tags=["learners"])


def _decider(request: Request, caller: Caller, now: Now) -> Decider:
    app = request.app
    return Decider(app.state.reader, vault_of(app), log_of(app), caller, now, request.state.traceparent)


def _looker(request: Request, caller: Looking, now: Now) -> Decider:
    return _decider(request, caller, now)


def _changer(request: Request, caller: Deciding, now: Now) -> Decider:
    return _decider(request, caller, now)


@router.get("/{learner_ref}", responses={**_GONE, 404: {"description": "nothing was ever reported of the learner"}})
async def show_learner(learner_ref: LearnerPath, decider: Annotated[Decider, Depends(_looker)]) -> LearnerView:
    """Show who a learner is, from the vault; scope `learners:read`. The log notes who asked, never what was shown."""
    shown = await decider.show(learner_ref)
    identity = None if shown.check is None else identity_view(shown.check, decider.now)
    return LearnerView(
        learner_ref=learner_ref, goes_as=shown.goes_as, linked=shown.others, person=shown.person, identity=identity
    )


@router.delete("/{learner_ref}")
async def erase_learner(learner_ref: LearnerPath, decider: Annotated[Decider, Depends(_changer)]) -> Erasure:
    """Erase a learner under all references: the keys of their data are destroyed when this is answered, for good.

    What they learned stands, under references that lead to nobody; their credentials are theirs. Asking again is
    harmless. Scope `learners:write`.
    """
    return Erasure(erased=await decider.erase(learner_ref))


@router.put("/{learner_ref}/links/{other}", status_code=202, responses=_LINKED)
async def link_learners(
    *,
    response: Response,
    learner_ref: LearnerPath,
    other: LearnerPath,
    wait: Wait,
    decider: Annotated[Decider, Depends(_changer)],
) -> LinkView:
    """Say that `other` is the same person: what is reported of either counts for `learner_ref` from now on.

    What was reported of `other` before is carried over; a credential that rests on it is revoked and issued anew.
    202 when the log has it; with `Prefer: wait=N`, 200 as soon as the door knows it. Scope `learners:write`.
    """
    event = await decider.link(learner_ref, other)
    book = LearnerBook(decider.reader, decider.caller.tenant)

    async def holds() -> bool:
        known = await book.get(other)
        return known is not None and known.link is not None

    await waited(response, wait, holds)
    return LinkView(learner_ref=event.data.into, linked=other, event_id=event.id)
