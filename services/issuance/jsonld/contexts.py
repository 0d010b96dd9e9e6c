"""The JSON-LD contexts that this service knows, by URL; nothing is ever fetched.

A credential means what its exact context says (a later context maps terms to other IRIs), so every version in
circulation is kept for verification. The texts are W3C's and 1EdTech's, as shipped with openbadgeslib.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from openbadgeslib.ob3.contexts import load_context

from services.issuance.errors import UnknownContext

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
KNOWN = frozenset(
    {
        CREDENTIALS_V2,
        OPEN_BADGES,
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        EXTENSIONS,
        "https://w3id.org/security/data-integrity/v2",
        "https://w3id.org/security/multikey/v1",
    }
)

Terms = Mapping[str, Any]


@cache
def _terms(url: str) -> Terms:
    terms: Terms = load_context(url)["@context"]
    return terms


def context(url: object) -> Terms:
    """Return the term definitions of a known context.

    Raises:
        UnknownContext: any other URL, or an inline context.

    """
    if not isinstance(url, str) or url not in KNOWN:
        raise UnknownContext("@context", f"{str(url)[:200]!r} is not known here, and contexts are never fetched")
    return _terms(url)
