"""Errors over HTTP: problem details (RFC 9457), each fault naming its field; nothing from inside leaves in a 500."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
_log = structlog.get_logger(__name__)


class Problem(Exception):
    """An answer that says what went wrong; `extra` become members of the document, `headers` go beside it."""

    def __init__(
        self,
        status: int,
        title: str = "",
        detail: str = "",
        *,
        type_: str = "about:blank",
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        """Keep the members; without a title the status's own phrase is the title."""
        self.status = status
        self.title = title or HTTPStatus(status).phrase
        self.detail = detail
        self.type = type_
        self.headers = dict(headers or {})
        self.extra = extra
        super().__init__(f"{status} {self.title}: {detail}")

    def response(self) -> Response:
        """Return the problem as it goes over the wire."""
        document = {"type": self.type, "title": self.title, "status": self.status}
        if self.detail:
            document["detail"] = self.detail
        body = orjson.dumps({**document, **self.extra}, default=str)
        return Response(body, self.status, self.headers, MEDIA_TYPE)


def fault(field: str, reason: str, *, status: int = 400) -> Problem:
    """Return the problem of one field; `errors` has the same shape wherever fields are at fault."""
    return Problem(status, detail=f"{field}: {reason}", errors=[{"field": field, "reason": reason}])


@dataclass(frozen=True, slots=True)
class Wording:
    """How problems are told on the paths of an interface whose specification has a form of its own for them.

    `paths` matches a path from its beginning on.
    """

    paths: re.Pattern[str]
    say: Callable[[Problem], Response]


def told(problem: Problem, scope: Scope) -> Response:
    """Return a problem in the words of the interface that the request came in by."""
    app = scope.get("app")
    wordings: tuple[Wording, ...] = getattr(app.state, "wordings", ()) if app is not None else ()
    say = next((each.say for each in wordings if each.paths.match(scope["path"])), Problem.response)
    return say(problem)


def problem_handlers(app: FastAPI, errors: Mapping[type[Exception], int]) -> None:
    """Answer with problem details whatever is raised: problems, `errors` by their status, bad requests, and the rest.

    An error with the attributes `field` and `reason` is answered with that field named.
    """

    async def mapped(request: Request, error: Exception) -> Response:
        status = next(errors[kind] for kind in type(error).__mro__ if kind in errors)
        return told(_of_domain(error, status), request.scope)

    for kind in errors:
        app.add_exception_handler(kind, mapped)
    app.add_exception_handler(Problem, _of_problem)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_middleware(_Unexpected)


def _of_domain(error: Exception, status: int) -> Problem:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning("unavailable", error=type(error).__name__, reason=str(error))
        detail = "The service cannot answer at the moment; nothing is wrong with the request. Try again."
        return Problem(status, detail=detail, headers={"Retry-After": str(RETRY_AFTER_S)})
    field, reason = getattr(error, "field", None), getattr(error, "reason", None)
    if field and reason:
        return fault(field, reason, status=status)
    return Problem(status, detail=str(error))


async def _of_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for nothing else
    return told(error, request.scope)


async def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    errors = [{"field": _field(each), "reason": _reason(each)} for each in error.errors()]
    detail = "; ".join(f"{each['field']}: {each['reason']}" for each in errors[:3])
    return told(Problem(422, detail=detail, errors=errors), request.scope)


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    phrase = HTTPStatus(error.status_code).phrase
    detail = "" if error.detail == phrase else error.detail
    return told(Problem(error.status_code, detail=detail, headers=error.headers), request.scope)


def _field(each: Mapping[str, Any]) -> str:
    # Of a body that is no JSON the place is told as a number of characters, which is nobody's field.
    return "body" if each["type"] == "json_invalid" else _path(each["loc"])


def _path(loc: tuple[int | str, ...]) -> str:
    # The first part says where it stood (body, query, path, header); a fault of the body as a whole has no other.
    parts = loc[1:] if len(loc) > 1 else loc
    return ".".join(map(str, parts))


def _reason(each: Mapping[str, Any]) -> str:
    return str(each["msg"]).removeprefix("Value error, ")


class _Unexpected:
    """Turns what nobody foresaw into a 500 that gives nothing away, and logs it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            if scope["type"] != "http" or started:  # half an answer is out: only the server can break the connection
                raise
            _log.exception("request failed", path=scope["path"])
            await told(_internal(), scope)(scope, receive, send)


def _internal() -> Problem:
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    detail = "This is our fault, and it is logged."
    if request_id:
        detail += f" Ask the operator about request {request_id}."
    return Problem(500, detail=detail)
