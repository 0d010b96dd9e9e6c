"""How a wallet is told that something is wrong."""

from typing import Any


async def error(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]
