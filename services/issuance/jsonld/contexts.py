"""The JSON-LD contexts that this service knows, by URL; nothing is ever fetched.

A credential means what its exact context says (a later context maps terms to other IRIs), so every version in
circulation is kept for verification. The texts are W3C's and 1EdTech's, as shipped with openbadgeslib; they are read
where they lie, since importing the whole library takes as long as a third of what a process needs to start.
"""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from services.issuance.errors import UnknownContext

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
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
KNOWN = frozenset(_FILES)

Terms = Mapping[str, Any]


def published(url: object) -> bytes | None:
    """Return a context's text as it is published, byte for byte, or None for any other resource."""
    return _text(url) if isinstance(url, str) and url in KNOWN else None


@cache
def _terms(url: str) -> Terms:
    terms: Terms = orjson.loads(_text(url))["@context"]
    return terms


def _text(url: str) -> bytes:
    return (_folder() / _FILES[url]).read_bytes()


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
