"""Asking a service over HTTP: with the token, with a time limit, again while it is not there, refusals as errors."""

import time
from collections.abc import Callable
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import httpx

from deploy.cli.errors import RequestRefused, Unreachable
from deploy.cli.trust import trust

TIMEOUT_S = 60.0
PATIENCE_S = 30.0
PAUSE_S = 0.5
AGAIN = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}


class Http:
    """One service; an event that is sent twice counts once, so whatever fails on the way is simply sent again."""

    def __init__(  # noqa: PLR0913 - the last two are for tests
        self,
        name: str,
        url: str,
        token: str = "",
        *,
        patience_s: float = PATIENCE_S,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`patience_s` is for how long a service may be away."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.name = name
        self.url = url.rstrip("/")
        self._client = httpx.Client(
            base_url=self.url, headers=headers, timeout=TIMEOUT_S, transport=transport, verify=trust()
        )
        self._tries = max(1, int(patience_s / PAUSE_S))
        self._sleep = sleep

    def __enter__(self) -> Self:
        """Nothing is contacted yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def call(self, method: str, path: str, *, accept: tuple[int, ...] = (), **what: Any) -> httpx.Response:
        """Return the answer if its status is a success or in `accept`.

        Raises:
            RequestRefused: any other status.
            Unreachable: nobody answered, for longer than the patience.

        """
        answer = self._answer(method, path, what)
        if answer.is_success or answer.status_code in accept:
            return answer
        raise RequestRefused(f"{method} {self.url}{path}", answer.status_code, detail_of(answer))

    def _answer(self, method: str, path: str, what: dict[str, Any]) -> httpx.Response:
        why: object = ""
        for turn in range(self._tries):
            if turn:
                self._sleep(PAUSE_S)
            try:
                answer = self._client.request(method, path, **what)
            except httpx.TransportError as error:
                why = error
                continue
            except httpx.InvalidURL as error:
                raise Unreachable(self.name, self.url, error) from error
            if answer.status_code not in AGAIN:
                return answer
            why = detail_of(answer)
        raise Unreachable(self.name, self.url, why)


def detail_of(answer: httpx.Response) -> str:
    """Return what a problem document says (RFC 9457), or the phrase of the status."""
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        return answer.reason_phrase
    return str(problem.get("detail") or problem.get("title") or answer.reason_phrase)
