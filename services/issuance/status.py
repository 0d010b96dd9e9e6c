"""Bitstring Status List 1.0: where a credential stands in a list, and the list itself.

The place comes from the record that caused the credential, so it needs no counter, no lock and no database: every list
belongs to one institution and one partition, takes the next 131,072 offsets, and a permutation of these offsets hides
who came after whom.
"""

import base64
import gzip
import zlib
from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import blake2b

from services.issuance.errors import StatusUnknown
from services.issuance.jsonld.contexts import CREDENTIALS_V2
from services.issuance.jsonld.skeleton import Skeleton, prepared
from services.issuance.marks import Purpose
from shared.contracts.envelope import derived_id

BITS = 17
ENTRIES = 1 << BITS
"""Entries of a list: the least that the specification allows (section 3.2), so that one entry is lost in the herd."""
_LARGEST = 1 << 24
_ROUNDS = 4
_MASK = ENTRIES - 1
SLOTS = {
    "id": ("id",),
    "issuer": ("issuer",),
    "valid_from": ("validFrom",),
    "subject": ("credentialSubject", "id"),
    "encoded": ("credentialSubject", "encodedList"),
}


def entry_for(tenant: str, topic_id: str, partition: int, offset: int, nth: int = 0) -> tuple[str, int]:
    """Return the list id and index for the `nth` credential that the record at this place causes."""
    list_id = _list_id(tenant, topic_id, partition, offset // ENTRIES, nth)
    return list_id, permuted(list_id, offset % ENTRIES)


def permuted(list_id: str, position: int) -> int:
    """Return the index of a position in a list: a bijection of 0 to 131,071, another one for each list.

    Each round is undone step by step: adding, multiplying by an odd number, and folding the high half on the low one.
    """
    for addend, factor in _round_keys(list_id):
        position = (position + addend) & _MASK
        position = (position * factor) & _MASK
        position ^= position >> (BITS // 2 + 1)
    return position


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


@lru_cache(maxsize=4096)
def _list_id(tenant: str, topic_id: str, partition: int, block: int, nth: int) -> str:
    return derived_id("status list", tenant, topic_id, partition, block, nth)


@lru_cache(maxsize=4096)
def _round_keys(list_id: str) -> tuple[tuple[int, int], ...]:
    key = blake2b(list_id.encode(), digest_size=8 * _ROUNDS).digest()
    numbers = [int.from_bytes(key[at : at + 4]) for at in range(0, len(key), 4)]
    return tuple((addend, factor | 1) for addend, factor in zip(numbers[::2], numbers[1::2], strict=True))
