"""Resources that a credential names with their digests: of what is built in here, the digest must be the right one.

Pure. Nothing is fetched: what is not built in is left to whoever uses it. Sources: Verifiable Credentials Data Model
2.0, section 5.3; Subresource Integrity, section 3.1; Controlled Identifiers 1.0, sections 2.4 and 2.5.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from services.issuance.errors import CredentialRefused
from services.issuance.interfaces.values import objects_in
from services.issuance.jsonld.contexts import published
from services.issuance.jsonld.terms import listed
from services.issuance.keys.multikey import from_base58btc

Document = dict[str, Any]

_SRI = re.compile(r"sha(256|384|512)-[A-Za-z0-9+/]{20,100}={0,2}")
_MULTIBASE = re.compile(r"[uz][A-Za-z0-9_-]{20,120}")
#: A multihash begins with its function and length; the digest alone is in circulation, too.
_HASHES = {32: "sha256", 48: "sha384", 64: "sha512"}
_MULTIHASHES = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}


def require_resources(document: Document) -> None:
    """Refuse a resource that is named twice, without a digest, or with one that is not its own.

    Raises:
        CredentialRefused: with the path of the member at fault.

    """
    named = []
    for path, each in objects_in(document, "relatedResource"):
        if "id" not in each:
            raise CredentialRefused(f"{path}.id", "is missing")
        named.append(each["id"])
        if not {"digestSRI", "digestMultibase"} & each.keys():
            raise CredentialRefused(path, "has neither digestSRI nor digestMultibase")
        for name, form, is_of in (("digestSRI", _SRI, _is_sri_of), ("digestMultibase", _MULTIBASE, _is_multibase_of)):
            for one in listed(each.get(name, [])):
                _require_digest(one, form, is_of, f"{path}.{name}", each["id"])
    if len(set(map(str, named))) < len(named):
        raise CredentialRefused("relatedResource", "names a resource twice")


def _require_digest(
    digest: object, form: re.Pattern[str], is_of: Callable[[str, bytes], bool], path: str, url: object
) -> None:
    if not isinstance(digest, str) or not form.fullmatch(digest):
        raise CredentialRefused(path, "is no digest")
    text = published(url)
    try:
        right = text is None or is_of(digest, text)
    except ValueError as error:
        raise CredentialRefused(path, "is no digest") from error
    if not right:
        raise CredentialRefused(path, f"is the digest of something else than {url}")


def _is_sri_of(digest: str, text: bytes) -> bool:
    function, _, value = digest.partition("-")
    return base64.b64decode(value) == _hashed(function, text)


def _is_multibase_of(digest: str, text: bytes) -> bool:
    content = from_base58btc(digest) if digest[0] == "z" else _from_base64url(digest[1:])
    function = _HASHES.get(len(content)) or _MULTIHASHES.get(content[:2])
    # By a function that is not known here nothing can be said against it.
    return function is None or content in (_hashed(function, text), content[:2] + _hashed(function, text))


@lru_cache(maxsize=64)
def _hashed(function: str, text: bytes) -> bytes:
    # Of the few texts that are kept here, as often as a stranger's document asks for it.
    return hashlib.new(function, text).digest()


def _from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
