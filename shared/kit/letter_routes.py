"""Dead letters over HTTP, for operators: the same routes in every service."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from shared.kit.auth import Caller, needs
from shared.kit.commands import Decision
from shared.kit.cursor import decode, encode
from shared.kit.letter_desk import LetterDesk, Wanted
from shared.kit.letter_views import (
    Decided,
    Discard,
    LeftOut,
    LetterId,
    LetterPage,
    LetterView,
    Redrive,
    WholeLetter,
)
from shared.kit.letters import Status
from shared.kit.problem import Problem

Operator = Annotated[Caller, Depends(needs("operate"))]
OneLetter = Annotated[LetterId, Path(examples=["platform.events/3/1042"])]
Ids = Annotated[list[LetterId] | None, Query(alias="letter", max_length=200, description="only these; any status")]
Standing = Annotated[Status | None, Query(description="open unless letters are named; any where it is empty")]
Limit = Annotated[int, Query(ge=1, le=200, description="most items on a page")]
Text = Annotated[str | None, Query(max_length=200)]


def letter_routes(service: str) -> APIRouter:
    """Return the routes of one service's dead letters."""
    router = APIRouter(prefix="/v1/dead-letters", tags=["dead letters"])

    def desk_of(request: Request) -> LetterDesk:
        return LetterDesk(service, request.app.state.reader, request.app.state.publisher)

    @router.get("")
    async def list_letters(  # noqa: PLR0913 - what FastAPI hands in
        *,
        request: Request,
        _: Operator,
        letters: Ids = None,
        status: Standing = None,
        topic: Text = None,
        error: Text = None,
        cursor: Text = None,
        limit: Limit = 100,
    ) -> LetterPage:
        """List letters in the order in which their records stood on the log."""
        secret: bytes = request.app.state.settings.cursor_secret
        after = str(decode(secret, cursor)[0]) if cursor else ""
        wanted = Wanted(status or (None if letters else "open"), topic, error, letters)
        found = await desk_of(request).find(wanted, after, limit + 1)
        more = len(found) > limit
        items = [LetterView.of(shown) for shown in found[:limit]]
        return LetterPage(items=items, next=encode(secret, [found[limit - 1].place]) if more else None)

    @router.post("/redrive", status_code=202)
    async def redrive(request: Request, caller: Operator, body: Redrive) -> Decided:
        """Let the worker take refused records again, and then what waits behind them; 202 when the log has it."""
        return await _decide("redrive", request, caller, body)

    @router.post("/discard", status_code=202)
    async def discard(request: Request, caller: Operator, body: Discard) -> Decided:
        """Give refused records up, and let what waits behind them go on; 202 when the log has it."""
        return await _decide("discard", request, caller, body)

    @router.get("/{letter:path}", responses={404: {"description": "there is no such letter"}})
    async def show_letter(request: Request, _: Operator, letter: OneLetter) -> WholeLetter:
        """Show a letter with the untouched bytes of its record."""
        shown = await desk_of(request).get(letter)
        if shown is None:
            raise Problem(404, detail=f"There is no dead letter {letter} in {service}")
        return WholeLetter.with_record(shown)

    async def _decide(do: Decision, request: Request, caller: Caller, body: Redrive | Discard) -> Decided:
        ids = list(dict.fromkeys(body.letters))
        refused = await desk_of(request).decide(do, ids, by=caller.client_id, why=body.why)
        told = [LeftOut(letter=id_, reason=reason) for id_, reason in refused.items()]
        return Decided(accepted=len(ids) - len(refused), refused=told)

    return router
