"""Baked SVG: one `openbadges:credential` element, the first below `svg` (Open Badges 3.0, section 5.3.2).

A credential with a proof of its own is the element's text, a JWT its attribute `verify`. Pictures of strangers are read
as a stream of events, with no tree, no document type and no entity (defusedxml).
"""

import re
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.saxutils import quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from services.issuance.errors import CredentialRefused

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
MAX_DEPTH = 64
MAX_ELEMENTS = 20_000
MAX_TEXT = 256 * 1024
_ELEMENT = (NAMESPACE, "credential")
_ROOT = ("http://www.w3.org/2000/svg", "svg")
_OPENING = re.compile(r"<svg\b[^>]*>")
_CARRIED = re.compile(r"<openbadges:credential\b.*?</openbadges:credential>", re.DOTALL)
_DECLARED = f' xmlns:openbadges="{NAMESPACE}"'
_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def bake(picture: str, text: str) -> str:
    """Return one of our own pictures with a credential in it, in place of any that it carried."""
    bare = _CARRIED.sub("", picture.replace(_DECLARED, ""), count=1)
    opening = _OPENING.search(bare)
    if opening is None:
        raise CredentialRefused("svg", "is not an SVG picture")
    declared = f"{opening.group()[:-1]}{_DECLARED}>"
    return bare[: opening.start()] + declared + _element(text) + bare[opening.end() :]


def unbake(picture: bytes) -> bytes:
    """Return the credential that a picture carries: JSON or a compact JWT.

    Raises:
        CredentialRefused: it is no SVG, has a document type, or carries none, several, or one that is too large.

    """
    reading = _Reading()
    parser: Any = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(reading)
    try:
        parser.feed(picture)
        parser.close()
    except DefusedXmlException as error:
        raise CredentialRefused("svg", "has a document type or entities, which no badge needs") from error
    except (SAXException, ValueError, LookupError) as error:
        raise CredentialRefused("svg", f"is not XML: {error}") from error
    if reading.carried == [""]:
        raise CredentialRefused("svg", "carries an empty credential")
    if len(reading.carried) != 1:
        raise CredentialRefused("svg", f"carries {len(reading.carried) or 'no'} credentials; a badge carries one")
    return reading.carried[0].encode()


def _element(text: str) -> str:
    if _JWT.fullmatch(text):
        return f"<openbadges:credential verify={quoteattr(text)}></openbadges:credential>"
    # XML knows neither of the two; in JSON they can be written another way.
    content = text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff").replace("]]>", "]]]]><![CDATA[>")
    return f"<openbadges:credential><![CDATA[{content}]]></openbadges:credential>"


class _Reading(ContentHandler):
    """Gathers what stands in elements named for a credential."""

    def __init__(self) -> None:
        super().__init__()
        self.carried: list[str] = []
        self._path: list[tuple[str | None, str]] = []
        self._text: list[str] = []
        self._size = self._elements = 0

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:  # noqa: N802, ARG002
        if not self._path and name != _ROOT:
            raise CredentialRefused("svg", "is not an SVG picture")
        self._path.append(name)
        self._elements += 1
        if len(self._path) > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise CredentialRefused("svg", f"has more than {MAX_ELEMENTS} elements, or {MAX_DEPTH} levels of them")
        if name == _ELEMENT:
            self._text = []
            self._take(attrs.get((None, "verify"), ""))

    def characters(self, content: str) -> None:
        if self._path[-1:] == [_ELEMENT]:
            self._take(content)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802, ARG002
        self._path.pop()
        if name == _ELEMENT:
            self.carried.append("".join(self._text).strip())

    def _take(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_TEXT:
            raise CredentialRefused("svg", f"carries more than {MAX_TEXT} characters; no credential is that large")
        self._text.append(text)
