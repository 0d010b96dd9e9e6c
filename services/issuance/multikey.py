"""Ed25519 public keys and signatures as text: Multikey and did:key.

Sources: Controlled Identifiers 1.0, sections 2.2.2 (Multikey) and 2.4 (Multibase); the did:key method.
"""

from functools import lru_cache

import base58

from services.issuance.errors import KeyUnknown

DID_KEY = "did:key:"
#: The varint of multicodec `ed25519-pub`.
_ED25519 = b"\xed\x01"
_KEY_BYTES = 32


def base58btc(content: bytes) -> str:
    """Return bytes in multibase base58btc, which begins with z."""
    encoded: bytes = base58.b58encode(content)
    return f"z{encoded.decode()}"


def from_base58btc(text: str) -> bytes:
    """Return the bytes of multibase base58btc text.

    Raises:
        ValueError: another base, or a character outside its alphabet.

    """
    if not text.startswith("z"):
        raise ValueError("not multibase base58btc; it begins with z")
    content: bytes = base58.b58decode(text[1:])
    return content


@lru_cache(maxsize=64)
def multikey(public_key: bytes) -> str:
    """Return an Ed25519 public key (32 bytes) as a Multikey, z6Mk..."""
    return base58btc(_ED25519 + public_key)


def key_of(text: str) -> bytes:
    """Return the Ed25519 public key (32 bytes) of a Multikey.

    Raises:
        KeyUnknown: it is another kind of key, or none.

    """
    try:
        content = from_base58btc(text)
    except ValueError as error:
        raise KeyUnknown(f"{text[:80]!r} is not a Multikey: {error}") from error
    if not content.startswith(_ED25519) or len(content) != len(_ED25519) + _KEY_BYTES:
        raise KeyUnknown(f"{text[:80]!r} is not an Ed25519 key, and this service checks no other kind")
    return content[len(_ED25519) :]


def did_key(public_key: bytes) -> str:
    """Return the did:key of an Ed25519 public key."""
    return DID_KEY + multikey(public_key)
