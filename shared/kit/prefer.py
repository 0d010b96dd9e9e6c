"""How long a client is willing to wait for its own write to be readable (RFC 7240, section 4.3)."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Response

MAX_WAIT_S = 10
_PAUSE_S = 0.02
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,9})\"?\s*(?:$|[,;])", re.IGNORECASE)


def wait_of(prefer: Annotated[str, Header(examples=["wait=2"], max_length=200)] = "") -> float:
    """Return for how many seconds a client is willing to wait, at most 10."""
    match = _WAIT.search(prefer)
    return float(min(int(match.group(1)), MAX_WAIT_S)) if match else 0.0


Wait = Annotated[float, Depends(wait_of)]


async def comes_true(holds: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Tell whether something holds within so many seconds; asks again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if await holds():
            return True
        await asyncio.sleep(_PAUSE_S)
    return False


async def waited(response: Response, seconds: float, holds: Callable[[], Awaitable[bool]]) -> bool:
    """Wait as long as the client prefers, and tell whether it holds: the answer is 200 then, else the route's own."""
    if not seconds:
        return False
    response.headers["Preference-Applied"] = f"wait={seconds:g}"
    if not await comes_true(holds, seconds):
        return False
    response.status_code = 200
    return True
