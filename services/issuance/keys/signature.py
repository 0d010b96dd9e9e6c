"""Whether bytes are a key's signature, for every algorithm that proofs are made with.

ECDSA signatures are r and s side by side, each as long as the curve's numbers (IEEE P1363), as JOSE and Data Integrity
have them.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from services.issuance.keys.multikey import ED25519, P256, P384, algorithm_of

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey
#: RSA keys that are weaker are not believed (NIST SP 800-131A), and larger ones would take long.
RSA_BITS = range(2048, 8193)


def is_signature(signature: bytes, content: bytes, public_key: bytes) -> bool:
    """Tell whether `signature` is this key's of the content; `multikey.py` says what a public key is."""
    try:
        if algorithm_of(public_key) == ED25519:
            _quick(public_key).verify(content, signature)
        else:
            _verify(loaded(public_key), signature, content)
    except (InvalidSignature, BadSignatureError, ValueError, UnsupportedAlgorithm):
        return False
    return True


@lru_cache(maxsize=256)
def _quick(public_key: bytes) -> VerifyKey:
    # libsodium takes half the time of OpenSSL, and refuses keys of small order as well.
    return VerifyKey(public_key)


@lru_cache(maxsize=256)
def loaded(public_key: bytes) -> PublicKey:
    """Return a public key that can check signatures.

    Raises:
        ValueError: it is no point of its curve, or an RSA key that is weak or oversized.
        UnsupportedAlgorithm: a kind of key that is not known here.

    """
    algorithm = algorithm_of(public_key)
    if algorithm == ED25519:
        return Ed25519PublicKey.from_public_bytes(public_key)
    if algorithm in {P256, P384}:
        curve = SECP256R1() if algorithm == P256 else SECP384R1()
        return EllipticCurvePublicKey.from_encoded_point(curve, public_key)
    key = load_der_public_key(public_key)
    if not isinstance(key, RSAPublicKey) or key.key_size not in RSA_BITS:
        raise ValueError("not an RSA key of 2,048 to 8,192 bits")
    return key


def bytes_of(key: object) -> bytes:
    """Return a public key as bytes, as `multikey.py` has them.

    Raises:
        ValueError: a kind of key that is not known here.

    """
    if isinstance(key, Ed25519PublicKey):
        return key.public_bytes_raw()
    if isinstance(key, RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1 | SECP384R1):
        return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    raise ValueError("not an Ed25519, P-256, P-384 or RSA key")


def _verify(key: PublicKey, signature: bytes, content: bytes) -> None:
    if isinstance(key, EllipticCurvePublicKey):
        _verify_ecdsa(key, signature, content)
    elif isinstance(key, RSAPublicKey):
        key.verify(signature, content, PKCS1v15(), SHA256())
    else:
        key.verify(signature, content)


def _verify_ecdsa(key: EllipticCurvePublicKey, signature: bytes, content: bytes) -> None:
    size = (key.curve.key_size + 7) // 8
    if len(signature) != 2 * size:
        raise ValueError("a signature of another curve")
    pair = encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
    key.verify(pair, content, ECDSA(SHA256() if isinstance(key.curve, SECP256R1) else SHA384()))
