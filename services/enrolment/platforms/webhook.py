"""Signed webhooks: whether a delivery is what a platform sent, by the Standard Webhooks specification 1.0.0.

The signature is an HMAC-SHA256 (`v1`) over `id.timestamp.body`; several may stand side by side while a secret is
rotated, and of several secrets any may have signed. Pure: the clock is handed in.
"""

import binascii
import hmac
from base64 import b64decode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
MIN_SECRET, MAX_SECRET = 24, 64  # bytes
PREFIX = "whsec_"
#: More than anybody rotates at once.
MOST_SIGNATURES = 10
_LONGEST = 2_000


class NotSigned(Exception):
    """A delivery that is not signed as it should be; the message says why, and gives nothing away."""


def secret_of(text: str) -> bytes:
    """Return a secret from its text: base64, with or without `whsec_` before it.

    Raises:
        ValueError: it is no base64, or of another length than 24 to 64 bytes.

    """
    try:
        secret = b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(f"a webhook secret is {PREFIX} and base64") from error
    if not MIN_SECRET <= len(secret) <= MAX_SECRET:
        raise ValueError(f"a webhook secret has {MIN_SECRET} to {MAX_SECRET} bytes, this one {len(secret)}")
    return secret


def verify(headers: Mapping[str, str], body: bytes, secrets: Iterable[bytes], now: datetime) -> str:
    """Return the id of a delivery that one of these secrets signed within the tolerance.

    Raises:
        NotSigned: a header is missing or malformed, the time is out of tolerance, or no signature fits.

    """
    id_, timestamp, signatures = (_header(headers, f"webhook-{name}") for name in ("id", "timestamp", "signature"))
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 11):  # noqa: PLR2004 - year 5138
        raise NotSigned("webhook-timestamp: whole seconds since 1970 are expected")
    if abs(int(timestamp) - now.timestamp()) > TOLERANCE.total_seconds():
        raise NotSigned(f"webhook-timestamp: more than {TOLERANCE.seconds} s away from our clock")
    if not any(_fits(signatures, signature(secret, id_, timestamp, body)) for secret in secrets):
        raise NotSigned("webhook-signature: no v1 signature fits the body")
    return id_


def signature(secret: bytes, id_: str, timestamp: str, body: bytes) -> bytes:
    """Return the signature of a delivery."""
    return hmac.digest(secret, f"{id_}.{timestamp}.".encode() + body, "sha256")


def _fits(given: str, expected: bytes) -> bool:
    found = False
    for each in given.split(" ")[:MOST_SIGNATURES]:
        version, _, text = each.partition(",")
        if version == "v1":
            # No early end: how many were compared says nothing.
            found |= hmac.compare_digest(_decoded(text), expected)
    return found


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _header(headers: Mapping[str, str], name: str) -> str:
    text = headers.get(name, "")
    if not text or len(text) > _LONGEST:
        raise NotSigned(f"{name}: missing; sign deliveries by the Standard Webhooks specification")
    return text
