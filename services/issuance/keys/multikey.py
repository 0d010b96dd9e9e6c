"""Public keys and signatures as text: Multikey and did:key.

A public key is bytes, which tell their algorithm by their length: Ed25519 32 (RFC 8032), P-256 33 and P-384 49
(compressed points, SEC 1), RS256 any more (DER SubjectPublicKeyInfo; it has no Multikey that others read).
Sources: Controlled Identifiers 1.0, sections 2.2.2 (Multikey) and 2.4 (Multibase); the did:key method.
"""

from functools import lru_cache

import base58

from services.issuance.errors import KeyUnknown

DID_KEY = "did:key:"
ED25519, P256, P384, RS256 = "Ed25519", "P-256", "P-384", "RS256"
_LENGTHS = {32: ED25519, 33: P256, 49: P384}
#: The varints of multicodec `ed25519-pub`, `p256-pub` and `p384-pub`.
_CODES = {ED25519: b"\xed\x01", P256: b"\x80\x24", P384: b"\x81\x24"}
_CODE_BYTES = 2
_DIGITS = base58.BITCOIN_ALPHABET.decode()
_ZERO, _PAIR = _DIGITS[0], len(_DIGITS) ** 2
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_FOUR = _PAIR**2
_TEN = _PAIR * _FOUR**2
#: Decoding base58 takes quadratic time: no more is read than shows that a text is too long for any of these keys.
_LONGEST = 80


def algorithm_of(public_key: bytes) -> str:
    """Return what a public key is for: Ed25519, P-256, P-384 or RS256."""
    return _LENGTHS.get(len(public_key), RS256)


def base58btc(content: bytes) -> str:
    """Return bytes in multibase base58btc, which begins with z."""
    # Ten digits at a time, and of these two: the library takes one, which is a twentieth of what a credential costs.
    number = int.from_bytes(content)
    pairs: list[str] = []
    while number:
        number, ten = divmod(number, _TEN)
        high, low = divmod(ten, _FOUR)
        highest, middle = divmod(high, _FOUR)
        pairs += _PAIRS[low % _PAIR], _PAIRS[low // _PAIR], _PAIRS[middle % _PAIR], _PAIRS[middle // _PAIR]
        pairs.append(_PAIRS[highest])
    zeros = len(content) - len(content.lstrip(b"\0"))
    return f"z{_ZERO * zeros}{''.join(reversed(pairs)).lstrip(_ZERO)}"


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
    """Return a public key as a Multikey: z6Mk... (Ed25519), zDna... (P-256) or z82... (P-384).

    Raises:
        KeyUnknown: an RSA key has none.

    """
    code = _CODES.get(algorithm_of(public_key))
    if code is None:
        raise KeyUnknown("an RSA key has no Multikey: name it by the thumbprint of its JWK")
    return base58btc(code + public_key)


def key_of(text: str) -> bytes:
    """Return the public key of a Multikey.

    Raises:
        KeyUnknown: it is another kind of key, or none.

    """
    try:
        content = from_base58btc(text[:_LONGEST])
    except ValueError as error:
        raise KeyUnknown(f"{text[:80]!r} is not a Multikey: {error}") from error
    code, public_key = content[:_CODE_BYTES], content[_CODE_BYTES:]
    if _CODES.get(_LENGTHS.get(len(public_key), "")) != code:
        raise KeyUnknown(f"{text[:80]!r} is no Ed25519, P-256 or P-384 key, and this service checks no other kind")
    return public_key


def did_key(public_key: bytes) -> str:
    """Return the did:key of a public key."""
    return DID_KEY + multikey(public_key)
