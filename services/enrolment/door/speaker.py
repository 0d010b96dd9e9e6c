"""For whom a payload speaks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speaker:
    """What the token or the registration says, never the request; and the trace that the request belongs to."""

    tenant: str
    platform: str | None = None
    traceparent: str | None = None
