"""The private key: the one module that sees it.

The key stands in a PKCS #8 PEM file of mode 600, made on the first start. Two processes that start together both make
one and the one that links it first wins; a file that others could read is refused.
"""

import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from nacl.signing import SigningKey

from services.issuance.errors import KeyFileRefused
from services.issuance.keys.multikey import ED25519, P256, RS256, algorithm_of
from services.issuance.keys.signature import RSA_BITS, bytes_of
from shared.kit.secret import lay_down

_OTHERS = 0o077
PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey
_MAKERS: dict[str, Callable[[], PrivateKey]] = {
    ED25519: Ed25519PrivateKey.generate,
    P256: lambda: generate_private_key(SECP256R1()),
    # As strong as the others, to within a few bits (NIST SP 800-57, table 2).
    RS256: lambda: generate_rsa_key(65537, 3072),
}


class Signer(Protocol):
    """The port to a private key: the same content, the same signature, always."""

    @property
    def public_key(self) -> bytes:
        """The public key (`multikey.py` says how)."""
        ...

    @property
    def algorithm(self) -> str:
        """What the key signs with: Ed25519 (RFC 8032), P-256 (ECDSA with SHA-256, RFC 6979) or RS256 (RFC 7518)."""
        ...

    def sign(self, content: bytes) -> bytes:
        """Return the signature: 64 bytes, with P-256 r and s side by side; RS256 as long as the key."""
        ...


class KeySigner:
    """Signs with a key that is held in memory."""

    def __init__(self, key: PrivateKey) -> None:
        """Hold the key."""
        self._sign = _signing(key)
        self._public_key = bytes_of(key.public_key())
        self._algorithm = algorithm_of(self._public_key)

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied or pickled: a private key stays where it was read."""
        raise TypeError("a signer holds a private key and is not pickled")

    @property
    def public_key(self) -> bytes:
        """The public key (`multikey.py` says how)."""
        return self._public_key

    @property
    def algorithm(self) -> str:
        """What the key signs with: Ed25519, P-256 or RS256."""
        return self._algorithm

    def sign(self, content: bytes) -> bytes:
        """Return the signature."""
        return self._sign(content)


def signer_from(path: Path, passphrase: bytes | None = None) -> KeySigner:
    """Return the signer of a key file, which is made if there is none: with a passphrase, encrypted.

    Raises:
        KeyFileRefused: others may read it, it holds no key that signs, or it cannot be read, decrypted or made.

    """
    try:
        if not path.exists():
            make_key(path, passphrase=passphrase)
        return KeySigner(_read(path, passphrase))
    except OSError as error:
        raise KeyFileRefused(f"key file {path}: {error.strerror}; let the service's user read and make it") from error


def make_key(path: Path, algorithm: str = ED25519, passphrase: bytes | None = None) -> None:
    """Make a key file of mode 600, encrypted with a passphrase; one that another process made meanwhile is left alone.

    Raises:
        KeyFileRefused: an algorithm that credentials are not signed with.

    """
    if algorithm not in _MAKERS:
        raise KeyFileRefused(f"{algorithm} keys are not made here: take {', '.join(_MAKERS)}")
    lay_down(path, _pem(_MAKERS[algorithm](), passphrase))


def encrypt_key(path: Path, passphrase: bytes, former: bytes | None = None) -> None:
    """Encrypt a key file that is not, or that is encrypted with another passphrase; it is never half written.

    Raises:
        KeyFileRefused: it holds no key, or `former` does not open it.

    """
    lay_down(path, _pem(_read(path, former), passphrase), replaces=True)


def is_encrypted(path: Path) -> bool:
    """Tell whether a key file is encrypted."""
    return b"BEGIN ENCRYPTED PRIVATE KEY" in path.read_bytes()


def _signing(key: PrivateKey) -> Callable[[bytes], bytes]:
    if isinstance(key, Ed25519PrivateKey):
        # libsodium takes half the time of OpenSSL, and RFC 8032 leaves no choice: the bytes are the same.
        quick = SigningKey(key.private_bytes_raw())
        return lambda content: quick.sign(content).signature
    if isinstance(key, RSAPrivateKey):
        return lambda content: key.sign(content, PKCS1v15(), SHA256())
    return partial(_ecdsa, key)


def _ecdsa(key: EllipticCurvePrivateKey, content: bytes) -> bytes:
    large = key.curve.key_size > SECP256R1.key_size
    r_s = decode_dss_signature(key.sign(content, ECDSA(SHA384() if large else SHA256(), deterministic_signing=True)))
    return b"".join(number.to_bytes((key.curve.key_size + 7) // 8) for number in r_s)


def _pem(key: PrivateKey, passphrase: bytes | None) -> str:
    how = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode()


def _read(path: Path, passphrase: bytes | None) -> PrivateKey:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        content = file.read()
    if mode & _OTHERS:
        raise KeyFileRefused(
            f"key file {path} has mode {mode:03o}, so others may have read it: chmod 600 {path}, "
            "and make a new key if anybody did"
        )
    encrypted = b"BEGIN ENCRYPTED PRIVATE KEY" in content
    if encrypted and not passphrase:
        raise KeyFileRefused(f"key file {path} is encrypted: set MICROCRED_KEY_PASSPHRASE")
    try:
        key = load_pem_private_key(content, password=passphrase if encrypted else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        # What the library says is left out: a message must never hold a part of what it read.
        why = "MICROCRED_KEY_PASSPHRASE does not open it" if encrypted else "it is not a PKCS #8 PEM key"
        raise KeyFileRefused(f"key file {path}: {why}") from error
    if isinstance(key, RSAPrivateKey) and key.key_size not in RSA_BITS:
        raise KeyFileRefused(f"key file {path} holds an RSA key of {key.key_size} bits; 2,048 to 8,192 are believed")
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return key
    if not isinstance(key, Ed25519PrivateKey | RSAPrivateKey):
        raise KeyFileRefused(
            f"key file {path} holds another kind of key; an Ed25519 key is needed, or a P-256 or RSA key"
        )
    return key
