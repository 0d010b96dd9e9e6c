"""`signing`: signed credentials a second, on one core, beside other people's signers of the same credential."""

from collections.abc import Callable, Mapping
from statistics import median

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from openbadgeslib.ob3.ldp import add_data_integrity_proof

from bench.errors import EffectsLost
from bench.options import Bench, Options
from bench.rates import COLUMNS, Rate, each_second, measured, rows, versions
from bench.report import Report
from bench.sample import CREATED, CREDENTIAL, P256, PAIR, SECRET, SIGNER, SLOTS, documents, method, one_core, values
from bench.verdict import Figure
from services.issuance.jsonld.skeleton import prepared
from services.issuance.keys.signer import KeySigner
from services.issuance.proofs.proof import secured, with_proof
from services.issuance.proofs.suites import ECDSA_RDFC, EDDSA_JCS, EDDSA_RDFC, Suite
from services.issuance.proofs.vcjwt import signed_jwt
from shared.testing.peers import Peers

GOAL = 5_000
_OURS = "Microcred, eddsa-rdfc-2022"
_FEWER = 100
"""A peer gets a hundredth of the load: a rate needs no more."""
_CHECKED = 50


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Sign credentials of different learners with each contender in turn; peers check a sample of ours."""
    with one_core(), Peers() as peers:
        peers.know(documents())
        _require_accepted(peers)
        contenders = _contenders(peers)
        found = measured(contenders, options)
    ours = median(found[_OURS])
    return Report(
        name="signing",
        title="signed credentials a second: from a learner's values to the bytes of the document",
        columns=COLUMNS,
        rows=rows(found, contenders, options.events),
        figures=(Figure("signing", ours, "credentials/s", GOAL),),
        notes=(f"@digitalbazaar/vc accepted {_CHECKED} of ours",),
        raw=found,
    ), versions()


def _contenders(peers: Peers) -> dict[str, tuple[Rate, int]]:
    return {
        _OURS: (each_second(_with(EDDSA_RDFC, SIGNER)), 1),
        "Microcred, ecdsa-rdfc-2019": (each_second(_with(ECDSA_RDFC, P256)), 1),
        "Microcred, eddsa-jcs-2022": (each_second(_with(EDDSA_JCS, SIGNER)), 1),
        "Microcred, VC-JWT EdDSA": (each_second(_jwt), 1),
        "Microcred, nothing prepared": (each_second(_unprepared), 10),
        "@digitalbazaar/vc, eddsa-rdfc-2022": (lambda count: _by_digital_bazaar(peers, count), _FEWER),
        "openbadgeslib, eddsa-rdfc-2022": (each_second(_by_openbadgeslib), _FEWER),
    }


def _with(suite: Suite, signer: KeySigner) -> Callable[[int], bytes]:
    skeleton, name = prepared(CREDENTIAL, SLOTS), method(signer)
    return lambda number: secured(skeleton, values(number), signer, created=CREATED, method=name, suite=suite)


def _jwt(number: int) -> str:
    return signed_jwt(_SKELETON.document(values(number)), SIGNER, PAIR["id"])


def _unprepared(number: int) -> bytes:
    return orjson.dumps(with_proof(_SKELETON.document(values(number)), SIGNER, created=CREATED, method=PAIR["id"]))


def _by_digital_bazaar(peers: Peers, count: int) -> float:
    asked = {"ask": "vc issue", "credential": _SKELETON.document(values(1)), "cryptosuite": EDDSA_RDFC.name}
    answer = peers.ask("rate", count=count, of={**asked, "pair": PAIR, "date": CREATED})
    if "proof" not in answer["first"]:
        raise EffectsLost("signing", "proofs by @digitalbazaar/vc", 0, 1)
    rate: float = answer["per_second"]
    return rate


def _by_openbadgeslib(number: int) -> object:
    return add_data_integrity_proof(_SKELETON.document(values(number)), _PEM, verification_method=PAIR["id"])


def _require_accepted(peers: Peers) -> None:
    sign = _with(EDDSA_RDFC, SIGNER)
    answers = [
        peers.ask("vc verify", credential=orjson.loads(sign(number)), trusting=True) for number in range(_CHECKED)
    ]
    accepted = sum(answer["verified"] for answer in answers)
    if accepted < _CHECKED:
        raise EffectsLost("signing", "credentials accepted by @digitalbazaar/vc", accepted, _CHECKED)


_SKELETON = prepared(CREDENTIAL, SLOTS)
_PEM = Ed25519PrivateKey.from_private_bytes(SECRET).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

BENCH = Bench(runs=5, events=20_000, unit="credentials", measure=measure)
