"""One person's data under a key of their own, and that key under the installation's: AES-256-GCM for both.

Both are bound to the learner's place in the vault as additional data (NIST SP 800-38D, section 7): a ciphertext that
is moved to another learner does not open.
"""

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.enrolment.vault.errors import Unreadable
from services.enrolment.vault.ring import KeyRing

Person = Mapping[str, Any]
KEY_BYTES = 32
_NONCE_BYTES = 12


class Sealed(NamedTuple):
    """A person's data, sealed; `wrapped` is its key under the key-encryption key named `kek`."""

    kek: str
    wrapped: bytes
    content: bytes


def seal(ring: KeyRing, place: str, person: Person, before: Sealed | None = None) -> Sealed:
    """Seal a person's data under the key that they had before, or a fresh one.

    Raises:
        Unreadable: the key that they had cannot be unwrapped.

    """
    content = orjson.dumps(person, option=orjson.OPT_SORT_KEYS)
    if before is None:
        key = AESGCM.generate_key(KEY_BYTES * 8)
        kek = ring.newest
        return Sealed(kek, _encrypted(ring.keys[kek], key, f"key\n{kek}\n{place}"), _encrypted(key, content, place))
    return before._replace(content=_encrypted(_unwrapped(ring, place, before), content, place))


def opened(ring: KeyRing, place: str, sealed: Sealed) -> dict[str, Any]:
    """Return a person's data.

    Raises:
        Unreadable: it was sealed by another key, for another learner, or was tampered with.

    """
    key = _unwrapped(ring, place, sealed)
    person: dict[str, Any] = orjson.loads(_decrypted(key, sealed.content, place, "the data does not fit its key"))
    return person


def rewrapped(ring: KeyRing, place: str, sealed: Sealed) -> Sealed:
    """Return the same data with its key under the newest key-encryption key.

    Raises:
        Unreadable: its key cannot be unwrapped.

    """
    kek = ring.newest
    key = _unwrapped(ring, place, sealed)
    return sealed._replace(kek=kek, wrapped=_encrypted(ring.keys[kek], key, f"key\n{kek}\n{place}"))


def _unwrapped(ring: KeyRing, place: str, sealed: Sealed) -> bytes:
    kek = ring.keys.get(sealed.kek)
    if kek is None:
        raise Unreadable(f"the vault's keys lack {sealed.kek}, under which it was sealed: put that key back")
    return _decrypted(kek, sealed.wrapped, f"key\n{sealed.kek}\n{place}", f"key {sealed.kek} is another one")


def _encrypted(key: bytes, content: bytes, place: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def _decrypted(key: bytes, content: bytes, place: str, fault: str) -> bytes:
    try:
        return AESGCM(key).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"{fault}, or somebody changed it: restore the vault and its keys from a backup") from error
