"""Which entry of which status list a credential has. Pure.

The place is that of the record which a credential follows from, its pass or a decision, whenever it can be made. So it
needs no counter, no lock and no database: every list belongs to one institution and one partition, takes the next
131,072 offsets, and a permutation of these offsets hides who came after whom. The permutation follows from a secret
(`keys/status_secret.py`), and so does the list's id: under another secret there are other lists, so that no two
credentials ever share an entry.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b, sha256, shake_256
from struct import unpack

from services.issuance.passes import Entry
from services.issuance.status import BITS, ENTRIES
from shared.contracts.envelope import derived_id
from shared.kit.bindings import Place

_LOW = BITS - 8
_LOW_MASK = (1 << _LOW) - 1
_PAIRS = 4
"""Pairs of Feistel rounds with tables of random numbers: four rounds do for long halves, short ones want some more."""
_PAIR_BYTES = 2 * (1 << _LOW)
_OLD_ROUNDS = 4
_MASK = ENTRIES - 1

Tables = tuple[tuple[bytes, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Order:
    """The order of entries under a secret, of whatever happened `since` a moment, if there is one.

    What happened before has the entry that it was given before there was a secret: by a permutation that anybody can
    undo, and kept because such credentials are in people's hands.
    """

    secret: bytes = field(repr=False)
    since: datetime | None = None

    def entry(self, tenant: str, place: Place, moment: datetime, nth: int = 0) -> Entry:
        """Return the entry of the `nth` credential that the record at this place, of then, causes."""
        block, position = divmod(place.offset, ENTRIES)
        if self.since is not None and moment < self.since:
            list_id = _list_id("status list", tenant, place.topic_id, place.partition, block, nth)
            return Entry(list_id, permuted(list_id, position))
        list_id = _list_id(_label(self.secret), tenant, place.topic_id, place.partition, block, nth)
        return Entry(list_id, shuffled(list_id, position, self.secret))


def shuffled(list_id: str, position: int, secret: bytes) -> int:
    """Return the index of a position in a list: a bijection of 0 to 131,071 that only the secret tells (Feistel)."""
    high, low = position >> _LOW, position & _LOW_MASK
    for to_high, to_low in _tables(list_id, secret):
        high ^= to_high[low]
        low ^= to_low[high] & _LOW_MASK
    return high << _LOW | low


def permuted(list_id: str, position: int) -> int:
    """Return the index of a position in a list from before there was a secret: another bijection for each list.

    Each round is undone step by step: adding, multiplying by an odd number, and folding the high half on the low one.
    """
    for addend, factor in _round_keys(list_id):
        position = (position + addend) & _MASK
        position = (position * factor) & _MASK
        position ^= position >> (BITS // 2 + 1)
    return position


@lru_cache(maxsize=4096)
def _list_id(*causes: str | int) -> str:
    return derived_id(*causes)


@lru_cache(maxsize=4)
def _label(secret: bytes) -> str:
    """Return what the ids of a secret's lists are derived with; it gives nothing of the secret away."""
    return f"status list {hmac.digest(secret, b'status list ids', sha256).hex()}"


@lru_cache(maxsize=1024)
def _tables(list_id: str, secret: bytes) -> Tables:
    """Return the round functions of a list: what each value of one part of a position adds to the other.

    What is added to the low part stands in more bits than it has, since most of these numbers are never used.
    """
    key = hmac.digest(secret, b"status list order", sha256)
    stream = shake_256(key + list_id.encode()).digest(_PAIRS * _PAIR_BYTES)
    pairs = [stream[at : at + _PAIR_BYTES] for at in range(0, len(stream), _PAIR_BYTES)]
    to_high, numbers = 1 << _LOW, f"<{1 << (BITS - _LOW)}H"
    return tuple((pair[:to_high], unpack(numbers, pair[to_high:])) for pair in pairs)


@lru_cache(maxsize=4096)
def _round_keys(list_id: str) -> tuple[tuple[int, int], ...]:
    key = blake2b(list_id.encode(), digest_size=8 * _OLD_ROUNDS).digest()
    numbers = [int.from_bytes(key[at : at + 4]) for at in range(0, len(key), 4)]
    return tuple((addend, factor | 1) for addend, factor in zip(numbers[::2], numbers[1::2], strict=True))
