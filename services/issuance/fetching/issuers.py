"""Issuers elsewhere: their keys, from their own web pages, which did:web names do name and https names are.

Sources: the did:web method, section 2.5.2; Controlled Identifiers 1.0, sections 2.2 (methods), 2.3 (assertion) and 3.3
(retrieve verification method).
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from services.issuance.checking.screen import parsed
from services.issuance.errors import CredentialRefused, FetchFailed, KeyUnknown, KeyUnreachable
from services.issuance.fetching.fetcher import Fetcher
from services.issuance.jsonld.terms import listed
from services.issuance.keys.jwk import public_key_of
from services.issuance.keys.multikey import key_of

Document = dict[str, Any]

DID_WEB = "did:web:"
WEB = (DID_WEB, "https://", "http://")
"""How the names of issuers begin that have a page on the web."""
_ACCEPT = "application/cid, application/did+ld+json, application/did+json, application/ld+json, application/json"
_FORM = re.compile(r"did:web:(?P<host>[A-Za-z0-9.-]+)(?:%3[Aa](?P<port>\d{1,5}))?(?P<path>(?::[A-Za-z0-9._~%-]+)*)")
_HERE = frozenset({"localhost", "127.0.0.1"})


def is_safe(url: str, *, plain: bool) -> bool:
    """Tell whether nobody on the way can answer for an address: over TLS, or on this machine if tests ask it."""
    return url.startswith("https://") or (plain and url.startswith(tuple(f"http://{each}:" for each in _HERE)))


@dataclass(frozen=True, slots=True)
class WebIssuers:
    """Finds keys in DID documents and other controlled identifier documents.

    `plain` lets it ask this machine without TLS, for tests.
    """

    fetcher: Fetcher
    plain: bool = False

    async def key_of(self, issuer: str, method: str) -> bytes:
        """Return the key (`keys/multikey.py`) of an issuer's verification method.

        Raises:
            KeyUnreachable: the issuer's page does not answer.
            KeyUnknown: it has no such key for credentials, or one of another kind.

        """
        url = self._url_of(issuer)
        try:
            document = parsed(await self.fetcher.fetch(url, accept=_ACCEPT))
        except FetchFailed as error:
            raise KeyUnreachable(f"the keys of {issuer} could not be had: {error}") from error
        except CredentialRefused as error:
            raise KeyUnknown(f"the keys of {issuer} could not be read: {error}") from error
        if document.get("id") != issuer:
            raise KeyUnknown(f"{url} is not the page of {issuer}")
        return _key_in(_method_in(document, issuer, method))

    def _url_of(self, issuer: str) -> str:
        """Return the address of an issuer's page; keys come over TLS, or anybody on the way could give their own."""
        if issuer.startswith(DID_WEB):
            return self._page_of(issuer)
        if not is_safe(issuer, plain=self.plain):
            raise KeyUnknown(f"{issuer[:200]!r} is not an https address, and keys are taken over nothing else")
        return issuer

    def _page_of(self, issuer: str) -> str:
        match = _FORM.fullmatch(issuer)
        if match is None:
            raise KeyUnknown(f"{issuer[:200]!r} is not a did:web")
        scheme = "http" if self.plain and match["host"] in _HERE else "https"
        port = f":{match['port']}" if match["port"] else ""
        segments = [unquote(each) for each in match["path"].split(":")[1:]]
        if any(set(each) & set("/?#\\") or each in {".", ".."} for each in segments):
            raise KeyUnknown(f"{issuer[:200]!r} names a page that cannot be asked for")
        return "/".join([f"{scheme}://{match['host']}{port}", *(segments or [".well-known"]), "did.json"])


def _method_in(document: Document, did: str, method: str) -> Document:
    """Return the verification method of this name, if the issuer uses it to assert credentials."""
    stands = [each for each in listed(document.get("verificationMethod", [])) if isinstance(each, dict)]
    for asserting in listed(document.get("assertionMethod", [])):
        found = asserting if isinstance(asserting, dict) else _named(asserting, stands, did)
        if found is not None and _whole(found.get("id"), did) == method and "revoked" not in found:
            return found
    raise KeyUnknown(f"{did} has no key {method[:200]} for credentials")


def _named(name: object, methods: list[Document], did: str) -> Document | None:
    return next((each for each in methods if _whole(each.get("id"), did) == _whole(name, did)), None)


def _whole(name: object, did: str) -> str:
    return f"{did}{name}" if str(name).startswith("#") else str(name)


def _key_in(method: Document) -> bytes:
    multibase, jwk = method.get("publicKeyMultibase"), method.get("publicKeyJwk")
    if isinstance(multibase, str):
        return key_of(multibase)
    return public_key_of(jwk)
