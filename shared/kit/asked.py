"""What is known of a request that changes something, beside what it asks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Header

from shared.kit.auth import Caller


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, when, and under which key a repetition of the request is known; empty: none."""

    caller: Caller
    now: datetime
    traceparent: str | None = None
    once: str = ""


Once = Annotated[
    str, Header(alias="Idempotency-Key", max_length=200, description="a request that repeats this key is the same one")
]
