"""Status lists elsewhere: fetched, and believed only when the credential's own issuer signed them.

Source: Bitstring Status List 1.0, section 3.2 (validate algorithm).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.issuance.checking.screen import parsed, require_modest
from services.issuance.checking.stated import id_of
from services.issuance.errors import (
    CheckOverrun,
    CredentialRefused,
    FetchFailed,
    KeyUnknown,
    KeyUnreachable,
    StatusUnknown,
    StatusUnreachable,
)
from services.issuance.fetching.fetcher import LIST_BYTES, Fetcher
from services.issuance.jsonld.terms import listed
from services.issuance.proofs.assertion import Assertion, asserted_by_jwt, fault_of, keys_of, own, proofs_of
from services.issuance.proofs.vcjwt import opened
from services.issuance.status import decoded
from shared.contracts.envelope import utc

Document = dict[str, Any]

_ACCEPT = "application/vc, application/vc+jwt, application/vc+ld+json, application/ld+json, application/json"


@dataclass(frozen=True, slots=True)
class WebStatusLists:
    """Reads strangers' status lists; `hash_of` and `key_of` are the verifier's ports."""

    fetcher: Fetcher
    hash_of: Callable[[Document, Document], Awaitable[bytes]]
    key_of: Callable[[str, str], Awaitable[bytes]]
    now: Callable[[], datetime]

    async def bits_of(self, url: str, issuer: str, purpose: str) -> bytes:
        """Return the bits of a status list by this issuer.

        Raises:
            StatusUnreachable: the list, or the key that signed it, does not answer.
            StatusUnknown: it is malformed, not this issuer's, for another purpose, out of date, or not signed.
            CheckerBusy: too many strangers' documents wait already.

        """
        try:
            document, assertions = await self._read(await self.fetcher.fetch(url, accept=_ACCEPT, max_bytes=LIST_BYTES))
            await self._require_signed(document, assertions, issuer)
        except (FetchFailed, KeyUnreachable) as error:
            raise StatusUnreachable(str(error)) from error
        except (CredentialRefused, CheckOverrun, KeyUnknown) as error:
            raise StatusUnknown(f"its status list cannot be believed: {error}") from error
        self._require_current(document)
        return decoded(_encoded(document, purpose))

    async def _read(self, content: bytes) -> tuple[Document, list[Assertion]]:
        """Return the list and what is asserted of it: by its proofs, or by the JWT that it is in."""
        if content.lstrip()[:1] == b"{":
            document = parsed(content)
            require_modest(document)
            return document, await proofs_of(document, self.hash_of, self.now())
        jwt = opened(content.decode("ascii", "replace").strip(), max_chars=LIST_BYTES)
        require_modest(jwt.document)
        return jwt.document, [asserted_by_jwt(jwt)]

    async def _require_signed(self, document: Document, assertions: list[Assertion], issuer: str) -> None:
        if id_of(document.get("issuer")) != issuer:
            raise StatusUnknown("its status list belongs to another issuer")
        if fault_of(assertions, issuer):
            raise StatusUnknown("its status list is not signed by its issuer")
        ours = own(assertions, issuer)
        keys = await keys_of(ours, issuer, self.key_of)
        if not all(each.is_held_by(key) for each, key in zip(ours, keys, strict=True)):
            raise StatusUnknown("its status list was changed after it was signed")

    def _require_current(self, document: Document) -> None:
        try:
            begins, ends = document.get("validFrom"), document.get("validUntil")
            begun = begins is None or utc(begins) <= self.now()
            current = begun and (ends is None or self.now() < utc(ends))
        except (ValueError, TypeError, AttributeError) as error:
            raise StatusUnknown("its status list has dates that cannot be read") from error
        if not current:
            raise StatusUnknown("its status list is out of date")


def _encoded(document: Document, purpose: str) -> str:
    subject = document.get("credentialSubject")
    subject = subject if isinstance(subject, dict) else {}
    encoded = subject.get("encodedList")
    known = (
        "BitstringStatusListCredential" in listed(document.get("type")) and subject.get("type") == "BitstringStatusList"
    )
    if not known or not isinstance(encoded, str):
        raise StatusUnknown("its status list is of a kind that is not known here")
    if purpose not in listed(subject.get("statusPurpose")):
        raise StatusUnknown(f"its status list does not say anything about {purpose}")
    return encoded
