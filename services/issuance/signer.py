"""The private key: the one module that sees it.

The key stands in a PKCS #8 PEM file of mode 600, made on the first start. Two processes that start together both make
one and the one that links it first wins; a file that others could read is refused.
"""

import os
import stat
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from services.issuance.errors import KeyFileRefused
from services.issuance.multikey import algorithm_of
from services.issuance.signature import bytes_of

_OTHERS = 0o077


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

    def __init__(self, key: Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey) -> None:
        """Hold the key."""
        self._key = key
        self._public_key = bytes_of(key.public_key())
        self._algorithm = algorithm_of(self._public_key)

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
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(content)
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(content, PKCS1v15(), SHA256())
        large = self._key.curve.key_size > SECP256R1.key_size
        r_s = decode_dss_signature(
            self._key.sign(content, ECDSA(SHA384() if large else SHA256(), deterministic_signing=True))
        )
        return b"".join(number.to_bytes((self._key.curve.key_size + 7) // 8) for number in r_s)


def signer_from(path: Path) -> KeySigner:
    """Return the signer of a key file, which is made if there is none.

    Raises:
        KeyFileRefused: others may read it, it is no Ed25519 key, or it cannot be read or made.

    """
    try:
        if not path.exists():
            _make(path)
        return KeySigner(_read(path))
    except OSError as error:
        raise KeyFileRefused(f"key file {path}: {error.strerror}; let the service's user read and make it") from error


def _make(path: Path) -> None:
    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first: its key is the service's
    finally:
        draft.unlink()


def _read(path: Path) -> Ed25519PrivateKey:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        content = file.read()
    if mode & _OTHERS:
        raise KeyFileRefused(
            f"key file {path} has mode {mode:03o}, so others may have read it: chmod 600 {path}, "
            "and make a new key if anybody did"
        )
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileRefused(f"key file {path} is not an unencrypted PKCS #8 PEM key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileRefused(f"key file {path} holds another kind of key; an Ed25519 key is needed")
    return key
