"""Bitstring Status List 1.0: a list's bits, and the credential that says them. `order.py` says who stands where."""

import base64
import gzip
import zlib
from collections.abc import Iterable
from functools import cache

from services.issuance.errors import StatusUnknown
from services.issuance.jsonld.contexts import CREDENTIALS_V2
from services.issuance.jsonld.skeleton import Skeleton, prepared
from services.issuance.marks import Purpose

BITS = 17
ENTRIES = 1 << BITS
"""Entries of a list: the least that the specification allows (section 3.2), so that one entry is lost in the herd."""
_LARGEST = 1 << 24
SLOTS = {
    "id": ("id",),
    "issuer": ("issuer",),
    "valid_from": ("validFrom",),
    "subject": ("credentialSubject", "id"),
    "encoded": ("credentialSubject", "encodedList"),
}


def bits_with(indexes: Iterable[int], entries: int = ENTRIES) -> bytes:
    """Return the bits of a list with these indexes set; index 0 is the left-most bit."""
    bits = bytearray(entries // 8)
    for index in indexes:
        bits[index >> 3] |= 0x80 >> (index & 7)
    return bytes(bits)


def encoded(bits: bytes) -> str:
    """Return a list as text: multibase base64url of gzip (section 2.2)."""
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, 6, mtime=0)).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Return the bits of an encoded list.

    Raises:
        StatusUnknown: it is malformed, too short to hide one credential among others, or larger than 16 MiB.

    """
    if not text.startswith("u"):
        raise StatusUnknown("encodedList: not multibase base64url; it begins with u")
    try:
        packed = base64.b64decode(text[1:] + "=" * (-(len(text) - 1) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj(wbits=31)
        bits = inflate.decompress(packed, _LARGEST)
    except (ValueError, zlib.error) as error:
        raise StatusUnknown(f"encodedList: {error}") from error
    if not inflate.eof:
        raise StatusUnknown("encodedList: cut off, or larger than 16 MiB")
    if len(bits) * 8 < ENTRIES:
        raise StatusUnknown(f"encodedList: {len(bits) * 8} entries; at least {ENTRIES} are needed")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Tell whether an entry is set.

    Raises:
        StatusUnknown: the list ends before the index.

    """
    if not 0 <= index < len(bits) * 8:
        raise StatusUnknown(f"statusListIndex: {index} is outside the list's {len(bits) * 8} entries")
    return bool(bits[index >> 3] & (0x80 >> (index & 7)))


@cache
def list_skeleton(purpose: Purpose = "revocation") -> Skeleton:
    """Return the prepared BitstringStatusListCredential of a purpose."""
    document = {
        "@context": [CREDENTIALS_V2],
        "id": "",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "",
        "validFrom": "",
        "credentialSubject": {
            "id": "",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": "",
        },
    }
    return prepared(document, SLOTS)
