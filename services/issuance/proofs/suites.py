"""The cryptosuites: how a document becomes bytes, and which keys sign them.

Sources: Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3; Data Integrity ECDSA Cryptosuites 1.0, section
3.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.issuance.errors import KeyUnknown
from services.issuance.keys.multikey import ED25519, P256, P384, algorithm_of, key_of


@dataclass(frozen=True, slots=True)
class Suite:
    """A cryptosuite by name; `graph` tells RDFC-1.0 from JCS, `algorithms` whose signatures it takes."""

    name: str
    graph: bool
    algorithms: frozenset[str]


EDDSA_RDFC = Suite("eddsa-rdfc-2022", graph=True, algorithms=frozenset({ED25519}))
EDDSA_JCS = Suite("eddsa-jcs-2022", graph=False, algorithms=frozenset({ED25519}))
ECDSA_RDFC = Suite("ecdsa-rdfc-2019", graph=True, algorithms=frozenset({P256, P384}))
SUITES: Mapping[object, Suite] = {suite.name: suite for suite in (EDDSA_RDFC, EDDSA_JCS, ECDSA_RDFC)}
_USUAL = {ED25519: EDDSA_RDFC, P256: ECDSA_RDFC}


def usual_suite(algorithm: str) -> Suite:
    """Return the suite that a key of this algorithm signs Open Badges with.

    Raises:
        KeyUnknown: keys of this algorithm sign JWTs only.

    """
    if algorithm not in _USUAL:
        raise KeyUnknown(f"no cryptosuite is signed with {algorithm} here: use an Ed25519 or P-256 key, or make a JWT")
    return _USUAL[algorithm]


def suite_of(proof: Mapping[str, Any]) -> Suite | None:
    """Return the suite of a proof if it is one that is known here."""
    name = proof.get("cryptosuite")
    return SUITES.get(name) if isinstance(name, str) else None


def is_large_curve(proof: Mapping[str, Any]) -> bool:
    """Tell whether a proof's key is of P-384, which hashes with SHA-384, as far as its method says so itself."""
    try:
        key = key_of(str(proof.get("verificationMethod")).rpartition("#")[2])
    except KeyUnknown:
        return False
    return algorithm_of(key) == P384
