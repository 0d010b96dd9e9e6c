"""Lists of revoked credentials elsewhere, as 1EdTech has them: plain JSON, believed for the address that it stands at.

Nobody signs such a list, so it is believed over TLS only, at the address that the signed credential names, and when it
says that it is the issuer's. Source: 1EdTech Revocation List Status Method 1.0.
"""

from dataclasses import dataclass
from typing import Any

from services.issuance.checking.screen import parsed
from services.issuance.checking.stated import id_of, unescaped
from services.issuance.errors import CredentialRefused, FetchFailed, StatusUnknown, StatusUnreachable
from services.issuance.fetching.fetcher import LIST_BYTES, Fetcher
from services.issuance.fetching.issuers import is_safe

Document = dict[str, Any]
_ACCEPT = "application/json, application/ld+json"


@dataclass(frozen=True, slots=True)
class WebRevocations:
    """Looks credentials up; `plain` lets it ask this machine without TLS, for tests."""

    fetcher: Fetcher
    plain: bool = False

    async def is_revoked(self, url: str, issuer: str, credential: str) -> bool:
        """Tell whether an issuer's list says that a credential, by its id, is revoked.

        Raises:
            StatusUnreachable: the list does not answer.
            StatusUnknown: it is malformed, or not this issuer's.

        """
        if not is_safe(url, plain=self.plain):
            raise StatusUnknown("its list of revocations is not at an https address, and nobody signs it")
        try:
            document = parsed(await self.fetcher.fetch(url, accept=_ACCEPT, max_bytes=LIST_BYTES))
        except FetchFailed as error:
            raise StatusUnreachable(str(error)) from error
        except CredentialRefused as error:
            raise StatusUnknown(f"its list of revocations cannot be read: {error}") from error
        if id_of(document.get("issuer")) != issuer:
            raise StatusUnknown("its list of revocations belongs to another issuer")
        entries = document.get("revokedCredentials")
        if not isinstance(entries, list):
            raise StatusUnknown("its list of revocations lists nothing")
        own = unescaped(credential)
        return any(_revokes(each, own) for each in entries)


def _revokes(entry: object, own: str | None) -> bool:
    """Tell whether an entry is this credential's; one that does not say so is revoked all the same."""
    if not isinstance(entry, dict):
        return unescaped(entry) == own
    return unescaped(entry.get("id")) == own and entry.get("revoked", True) not in (False, "false")
