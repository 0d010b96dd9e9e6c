"""The issuance service's worker as it ships: passes in, signed credentials kept and `issued` out."""

from pathlib import Path

from bench.contenders.microcred import fold
from bench.contenders.spec import Run, Spec
from services.issuance.keys.folder import KeyFolder
from services.issuance.keys.ring import KeyRing
from services.issuance.names import Names
from services.issuance.order import Order
from services.issuance.settings import Settings
from services.issuance.stream import worker_for
from shared.contracts.topics import CATALOGUE

NAMES = Names("https://credentials.example")
ORDER = Order(b"a secret of more than 32 bytes, for the bench")


def ring(spec: Spec) -> KeyRing:
    """Return the keys of all runs: one Ed25519 key in a file, made by the first who asks."""
    return KeyFolder(_key_file(spec)).ring()


def _key_file(spec: Spec) -> Path:
    return Path(spec.secret).with_name("signing-key.pem")


def run(spec: Spec) -> Run:
    """Fold the offering, which is not measured; then let the engine issue for all passes."""
    settings = Settings(
        kafka_bootstrap=spec.bootstrap,
        mongo_url=spec.mongo_url,
        topic_prefix=spec.prefix,
        token_secret_file=Path(spec.secret),
        key_file=_key_file(spec),
    )
    return fold(spec, worker_for(ring(spec), NAMES, ORDER), settings, first=(CATALOGUE,))
