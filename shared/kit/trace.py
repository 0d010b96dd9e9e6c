"""Trace context (W3C recommendation, level 1): taken from a request, made when there is none."""

import re
import secrets

_KNOWN = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


def traceparent(header: str | None) -> str:
    """Return the header's trace context in version 00, or a new one when it is absent or not valid (section 3.2)."""
    match = _KNOWN.fullmatch(header or "")
    if match is None or not _valid(*match.group(1, 2, 3, 5)):
        # Not sampled: nobody has recorded the request that this trace would begin with.
        return f"00-{_some(16)}-{_some(8)}-00"
    _, trace, parent, flags, _ = match.groups()
    return f"00-{trace}-{parent}-{flags}"


def _valid(version: str, trace: str, parent: str, rest: str | None) -> bool:
    if version == "ff" or (version == "00" and rest is not None):
        return False
    return any(digit != "0" for digit in trace) and any(digit != "0" for digit in parent)


def _some(size: int) -> str:
    """Return random bytes in hexadecimal, not all of them zero: zeros mean that there is no trace."""
    while not any(number := secrets.token_bytes(size)):
        continue
    return number.hex()
