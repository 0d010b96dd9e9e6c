"""What somebody shows to be checked: a document, a JWT, a badge image that carries either, or the address of one.

What it is, its first bytes tell, whatever it is called. A picture is read in a thread: it is bounded, but not free.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from services.issuance.checking.screen import MAX_BYTES, parsed
from services.issuance.errors import CredentialRefused, CredentialTooLarge, FetchFailed
from services.issuance.fetching.fetcher import Fetcher
from services.issuance.forms import png, svg

Document = dict[str, Any]

MAX_PICTURE_BYTES = 1024 * 1024
ACCEPT = "application/vc, application/vc+ld+json, application/vc+jwt, application/json, image/png, image/svg+xml"
_JWT = re.compile(rb"[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}")
_URL = re.compile(r"https?://\S{1,2000}")
_BLANKS = b" \t\r\n\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential as it was shown: its JSON document, or a compact JWT."""

    document: Document | None = None
    jwt: str = ""


async def presented(content: bytes, fetcher: Fetcher) -> Presented:
    """Return what was shown.

    Raises:
        CredentialRefused: it is none of those, or the address of nothing that can be had.
        CredentialTooLarge: it has more bytes than a credential needs.

    """
    url = _url_in(content)
    if url:
        content = await _fetched(url, fetcher)
    elif content.lstrip(_BLANKS)[:1] == b"{":
        document = _parsed(content)
        inner = document.get("verifiableCredential", document)
        if isinstance(inner, str):
            return await presented_text(inner.encode())
        if not _is_address(document):
            return Presented(inner if isinstance(inner, dict) else {})
        content = await _fetched(document["url"], fetcher)
    return await presented_text(content)


async def presented_text(content: bytes) -> Presented:
    """Return what a document, a JWT or a picture shows; addresses are not followed.

    Raises:
        CredentialRefused: it is none of those.
        CredentialTooLarge: it has more bytes than a credential needs.

    """
    start = content.lstrip(_BLANKS)
    if content.startswith(png.SIGNATURE):
        start = await asyncio.to_thread(png.unbake, _modest(content))
    elif start[:1] == b"<":
        start = await asyncio.to_thread(svg.unbake, _modest(content))
    compact = start.strip(_BLANKS)
    if len(compact) <= MAX_BYTES and _JWT.fullmatch(compact):
        return Presented(jwt=compact.decode())
    return Presented(_parsed(start))


async def _fetched(url: str, fetcher: Fetcher) -> bytes:
    try:
        return await fetcher.fetch(url, accept=ACCEPT, max_bytes=MAX_PICTURE_BYTES)
    except FetchFailed as error:
        raise CredentialRefused("url", str(error)) from error


def _parsed(content: bytes) -> Document:
    if len(content) > MAX_BYTES:
        raise CredentialTooLarge("body", f"has more than {MAX_BYTES} bytes; no credential is that large")
    return parsed(content)


def _modest(picture: bytes) -> bytes:
    if len(picture) > MAX_PICTURE_BYTES:
        raise CredentialTooLarge("body", f"has more than {MAX_PICTURE_BYTES} bytes; no badge is that large")
    return picture


def _is_address(document: Document) -> bool:
    return document.keys() == {"url"} and isinstance(document["url"], str)


def _url_in(content: bytes) -> str:
    """Return the address that a QR code or a paste holds, if it is nothing else."""
    text = content.strip(_BLANKS)[:2100].decode("ascii", "replace")
    return text if _URL.fullmatch(text) else ""
