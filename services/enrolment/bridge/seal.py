"""Sealing what a dead letter keeps of somebody else's record: it may name people, and is read by no operator. Pure.

AES-SIV (RFC 5297): the same record is sealed into the same bytes, so a chunk that is folded twice writes the same.
"""

import hashlib

import bson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from shared.contracts.wire import ContractError
from shared.kit.ledger import Record
from shared.kit.secret import derived

_PURPOSE = "foreign letters"


class SealBroken(ContractError):
    """What was sealed cannot be opened."""


class Seal:
    """Seals records under a key of its own, derived from the installation's secret."""

    def __init__(self, secret: bytes) -> None:
        """Keep the cipher."""
        self._cipher = AESSIV(hashlib.sha512(derived(secret, _PURPOSE)).digest())

    def seal(self, record: Record) -> Record:
        """Return a record that has its place and time, and nothing else that can be read."""
        headers = [[name, text] for name, text in record.headers]
        plain = bson.encode({"key": record.key, "value": record.value, "headers": headers})
        return Record(record.offset, record.timestamp, None, self._cipher.encrypt(plain, [_place(record)]))

    def opened(self, record: Record) -> Record | ContractError:
        """Return the record that was sealed, under the time that it bears now."""
        if record.value is None:
            return SealBroken("", "the bytes are not kept any longer")
        try:
            plain = bson.decode(self._cipher.decrypt(record.value, [_place(record)]))
        except InvalidTag:
            return SealBroken("", "sealed under another secret: start this service with the one of that time")
        headers = tuple((name, text) for name, text in plain["headers"])
        return Record(record.offset, record.timestamp, plain["key"], plain["value"], headers)


def _place(record: Record) -> bytes:
    return str(record.offset).encode()
