"""Public keys as JSON Web Keys (RFC 7517), as JOSE headers and DID documents carry them."""

from collections.abc import Mapping
from functools import lru_cache

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from services.issuance.errors import KeyUnknown
from services.issuance.keys.multikey import ED25519, P256, P384, RS256, algorithm_of, key_of, multikey
from services.issuance.keys.signature import bytes_of, loaded

_KINDS: Mapping[tuple[str, str], type[OKPKey] | type[ECKey] | type[RSAKey]] = {
    ("OKP", "Ed25519"): OKPKey,
    ("EC", P256): ECKey,
    ("EC", P384): ECKey,
    ("RSA", ""): RSAKey,
}
_SECRET = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def jwk(public_key: bytes) -> dict[str, str]:
    """Return a public key as a JWK, with public members only."""
    return {name: str(value) for name, value in _key(public_key).as_dict(private=False).items()}


def public_key_of(value: object) -> bytes:
    """Return the public key of a JWK.

    Raises:
        KeyUnknown: it is another kind of key, malformed, or gives away a private key.

    """
    if not isinstance(value, dict) or not value.keys().isdisjoint(_SECRET):
        raise KeyUnknown("its JWK is none, or holds more than a public key")
    kind = _KINDS.get((str(value.get("kty")), str(value.get("crv", ""))))
    if kind is None:
        raise KeyUnknown("its JWK is no Ed25519, P-256, P-384 or RSA key, and this service checks no other kind")
    try:
        public_key = bytes_of(kind.import_key(value).public_key)
        loaded(public_key)
    except (JoseError, ValueError, TypeError) as error:
        raise KeyUnknown(f"its JWK is no key: {error}") from error
    return public_key


def fragment_of(public_key: bytes) -> str:
    """Return what names a key in its issuer's DID document: its Multikey, or the thumbprint of an RSA key's JWK."""
    return _key(public_key).thumbprint() if algorithm_of(public_key) == RS256 else multikey(public_key)


def written(public_key: bytes) -> str | dict[str, str]:
    """Return a public key as the key ring has it: a Multikey, or the JWK of an RSA key."""
    return jwk(public_key) if algorithm_of(public_key) == RS256 else multikey(public_key)


def read(key: object) -> bytes:
    """Return the public key of what `written` makes.

    Raises:
        KeyUnknown: it is no key of a kind that is known here.

    """
    return key_of(key) if isinstance(key, str) else public_key_of(key)


@lru_cache(maxsize=64)
def _key(public_key: bytes) -> OKPKey | ECKey | RSAKey:
    pem = loaded(public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    algorithm = algorithm_of(public_key)
    if algorithm == ED25519:
        return OKPKey.import_key(pem)
    return RSAKey.import_key(pem) if algorithm == RS256 else ECKey.import_key(pem)
