"""What checking a credential needs from outside."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issuance.errors import FetchFailed, StatusUnknown

Document = dict[str, Any]


async def _no_suspension(_list_url: str, _issuer: str) -> None:
    """Say that nothing is known of suspensions: issuers elsewhere publish none beside their revocations."""


async def _no_revocations(list_url: str, _issuer: str, _credential: str) -> bool:
    raise StatusUnknown(f"{list_url} is not looked up")


async def _nothing(url: str) -> bytes:
    raise FetchFailed(f"{url} is not looked up")


@dataclass(frozen=True, slots=True)
class Ports:
    """What checking needs from outside.

    `hash_of(document, proof)` returns what the proof signs, or raises CredentialRefused or CheckOverrun;
    `key_of(issuer, method)` returns the issuer's key (`keys/multikey.py`), or raises KeyUnknown: it has none of
    this name;
    `bits_of(list_url, issuer, purpose)` returns the bits of a status list by this issuer, or raises StatusUnknown;
    `suspension_of(list_url, issuer)` those of the suspension list that belongs to a list of revocations, or None;
    `is_revoked(list_url, issuer, credential)` tells whether an issuer's list of revoked credentials names one, or
    raises StatusUnknown;
    `refreshed(url)` returns what a refresh service gives, or raises FetchFailed.
    """

    hash_of: Callable[[Document, Document], Awaitable[bytes]]
    key_of: Callable[[str, str], Awaitable[bytes]]
    bits_of: Callable[[str, str, str], Awaitable[bytes]]
    now: Callable[[], datetime]
    suspension_of: Callable[[str, str], Awaitable[bytes | None]] = _no_suspension
    is_revoked: Callable[[str, str, str], Awaitable[bool]] = _no_revocations
    refreshed: Callable[[str], Awaitable[bytes]] = _nothing
