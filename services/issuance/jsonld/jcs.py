"""The JSON Canonicalization Scheme (RFC 8785): one text for all ways to write the same JSON.

What differs between orjson's sorted text and the canonical one are numbers with a fraction or an exponent, large ones,
and names outside of ASCII; a document without those takes the fast way.
"""

from typing import Any

import orjson
import rfc8785

from services.issuance.errors import CredentialRefused

_SAFE = 2**53


def jcs(value: Any) -> bytes:
    """Return the canonical text of a JSON value, in UTF-8.

    Raises:
        CredentialRefused: a number that readers would take for different ones, or a text that is not Unicode.

    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) if _is_plain(value) else bytes(rfc8785.dumps(value))
    except (rfc8785.CanonicalizationError, orjson.JSONEncodeError, UnicodeError) as error:
        raise CredentialRefused("", f"has no canonical JSON: {error}") from error


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(name.isascii() for name in value) and all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, float):
        return False
    return not isinstance(value, int) or -_SAFE < value < _SAFE
