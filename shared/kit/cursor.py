"""Page cursors: where the next page begins, opaque to clients and signed, so that nobody can make one up."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence

from shared.kit.problem import Problem, fault

Value = str | int | float | bool | None
_MAC_CHARACTERS = 32


def encode(secret: bytes, values: Sequence[Value]) -> str:
    """Return a cursor that holds these values; moments go in as ISO 8601 text."""
    payload = base64.urlsafe_b64encode(json.dumps(list(values), allow_nan=False).encode()).rstrip(b"=")
    return f"{payload.decode()}.{_mac(secret, payload)}"


def decode(secret: bytes, text: str) -> list[Value]:
    """Return the values of a cursor.

    Raises:
        Problem: 400 naming the field `cursor`, for anything that `encode` did not make with this secret.

    """
    payload, _, mac = text.encode(errors="replace").rpartition(b".")
    if not hmac.compare_digest(_mac(secret, payload).encode(), mac):
        raise _unknown()
    values: list[Value] = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    return values


def _mac(secret: bytes, payload: bytes) -> str:
    # Half of a SHA-256 MAC is more than enough against guessing (RFC 2104, section 5), and keeps addresses short.
    return hmac.new(secret, payload, hashlib.sha256).hexdigest()[:_MAC_CHARACTERS]


def _unknown() -> Problem:
    return fault("cursor", "not a cursor that this service gave out; start again without it")
