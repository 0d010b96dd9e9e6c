"""The JSON-LD contexts that this service knows, by URL; nothing is ever fetched.

A credential means what its exact context says (a later context maps terms to other IRIs), so every version in
circulation is kept for verification. The texts are W3C's and 1EdTech's, as shipped with openbadgeslib; they are read
where they lie, since importing the whole library takes as long as a third of what a process needs to start.
The first of Open Badges 3.0 is not among them (`shared/openbadges/README.md`). Like 3.0.1 it defines terms that the
context of VC 2.0 protects, so that no JSON-LD processor makes a graph of a credential with both: what is signed as JSON
can be checked, what is signed as a graph cannot exist.
"""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from services.issuance.errors import UnknownContext
from shared import openbadges

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES_3_0_0 = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
_FILES = {
    CREDENTIALS_V2: "credentials-v2.json",
    OPEN_BADGES: "ob-v3p0-context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "ob-v3p0-context-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "ob-v3p0-context-3.0.1.json",
    EXTENSIONS: "ob-v3p0-extensions.json",
    "https://w3id.org/security/data-integrity/v2": "security-data-integrity-v2.json",
    "https://w3id.org/security/multikey/v1": "security-multikey-v1.json",
}
KNOWN = frozenset(_FILES) | {OPEN_BADGES_3_0_0}
_FIRST = Path(openbadges.__file__).with_name("ob_v3p0_context_3.0.0.json")

Terms = Mapping[str, Any]


def published(url: object) -> bytes | None:
    """Return a context's text as it is published, byte for byte, or None where that is not kept here."""
    return _text(url) if isinstance(url, str) and url in _FILES else None


@cache
def _terms(url: str) -> Terms:
    terms: Terms = orjson.loads(_text(url))["@context"]
    return terms


@cache
def _text(url: str) -> bytes:
    return (_folder() / _FILES[url] if url in _FILES else _FIRST).read_bytes()


@cache
def _folder() -> Path:
    found = find_spec("openbadgeslib")
    (library,) = (found and found.submodule_search_locations) or ("",)
    return Path(library) / "ob3" / "contexts"


def context(url: object) -> Terms:
    """Return the term definitions of a known context.

    Raises:
        UnknownContext: any other URL, or an inline context.

    """
    if not isinstance(url, str) or url not in KNOWN:
        raise UnknownContext("@context", f"{str(url)[:200]!r} is not known here, and contexts are never fetched")
    return _terms(url)
