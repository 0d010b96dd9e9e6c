"""What every answer of the xAPI routes has in common: the version, faults as 400, and what was not taken."""

import json
import re
from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute

from services.enrolment.door.intake import JSON
from services.enrolment.door.translation import Refused
from services.enrolment.errors import FieldError, UnsupportedMediaType
from shared.contracts.wire import ContractError
from shared.kit.problem import Problem, fault

VERSION = "X-Experience-API-Version"
REFUSED = "Microcred-Refused"
LATEST = "1.0.3"
_KNOWN = re.compile(r"1\.0(\.\d{1,3})?")
_SHOWN = 5
_log = structlog.get_logger(__name__)
Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class StatementsRoute(APIRoute):
    """A route whose answers name the version (xAPI Communication, section 3.3), and whose faults are 400 (3.2)."""

    def get_route_handler(self) -> Handle:
        """Return the handler."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
            except (ContractError, FieldError) as error:
                raise _versioned(fault(error.field, error.reason)) from error
            except UnsupportedMediaType as error:
                raise _versioned(Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail=str(error))) from error
            except Problem as problem:
                raise _versioned(problem) from problem.__cause__
            response.headers[VERSION] = LATEST
            return response

        return answer


async def body_of(request: Request, version: str | None) -> bytes:
    """Return the body of a request in a version of xAPI that is spoken here.

    Raises:
        Problem: 400 without the header that names a known version.
        UnsupportedMediaType: attachments, a form, or anything else than JSON.

    """
    if not _KNOWN.fullmatch(version or ""):
        told = f"{version[:20]} is not spoken here" if version else "missing"
        raise fault(VERSION, f"{told}; send {LATEST}, or another 1.0")
    media_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if media_type != JSON:
        raise UnsupportedMediaType(media_type, f"{JSON}; attachments can stay where they are, with fileUrl")
    return await request.body()


def refusals(refused: Sequence[Refused]) -> dict[str, str]:
    """Return the header that tells what was not taken: how many, and why the first of them; in ASCII."""
    if not refused:
        return {}
    first = [{**each.shown(), "reason": each.reason[:300]} for each in refused[:_SHOWN]]
    _log.info("statements.refused", count=len(refused), first=first)
    return {REFUSED: json.dumps({"count": len(refused), "first": first})}


def _versioned(problem: Problem) -> Problem:
    problem.headers[VERSION] = LATEST
    return problem
