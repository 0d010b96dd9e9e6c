"""`verifying`: credentials checked a second, on one core, beside other people's verifiers of the same credentials."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

import orjson
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.ldp import OB3LdpVerifier

from bench.errors import EffectsLost
from bench.options import Bench, Options
from bench.rates import COLUMNS, Rate, each_second, measured, rows, versions
from bench.report import Report
from bench.sample import CREATED, CREDENTIAL, ISSUER, PAIR, SIGNER, SLOTS, documents, one_core, values
from bench.verdict import Figure
from services.issuance.checking.report import Report as Checked
from services.issuance.checking.screen import parsed
from services.issuance.checking.verifier import Ports, check, check_jwt
from services.issuance.jsonld.sandbox import Sandbox
from services.issuance.jsonld.skeleton import prepared, values_of
from services.issuance.keys.signature import loaded
from services.issuance.proofs.proof import hash_of_prepared, secured
from services.issuance.proofs.vcjwt import signed_jwt
from shared.testing.peers import Peers

OWN_GOAL, STRANGERS_GOAL = 1_000, 250
_OWN, _STRANGERS = "Microcred, its own", "Microcred, strangers'"
_FEWER = 20
"""A peer gets a twentieth of the load: a rate needs no more."""
_KINDS = 500
"""Different credentials that are checked over and over: more than any cache here would hold by chance."""
_SKELETON = prepared(CREDENTIAL, SLOTS)
_UNLISTED = prepared({name: value for name, value in CREDENTIAL.items() if name != "credentialStatus"}, {})
_BITS = bytes(16_384)

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """The credentials that all contenders check, as documents, as their bytes, and as JWTs."""

    documents: list[Document]
    bodies: list[bytes]
    tokens: list[str]


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Check the same credentials with each contender in turn; one that finds anything wrong ends the bench."""
    given = _given()
    sandbox = Sandbox()
    with one_core(), asyncio.Runner() as runner, Peers() as peers:
        peers.know(documents())
        contenders = _contenders(given, sandbox, runner, peers)
        found = measured(contenders, options)
        runner.run(sandbox.close())
    return Report(
        name="verifying",
        title="credentials checked a second: from the bytes of a document to a report of all steps",
        columns=COLUMNS,
        rows=rows(found, contenders, options.events),
        figures=(
            Figure("strangers", median(found[_STRANGERS]), "credentials/s", STRANGERS_GOAL),
            Figure("verifying", median(found[_OWN]), "credentials/s", OWN_GOAL),
        ),
        notes=("keys, status lists and what was issued are in memory for everybody; nobody fetches anything",),
        raw=found,
    ), versions()


def _contenders(given: Given, sandbox: Sandbox, runner: asyncio.Runner, peers: Peers) -> dict[str, tuple[Rate, int]]:
    own, foreign = _ports(_own_hash(given)), _ports(sandbox.hash_of)
    pem = loaded(SIGNER.public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def of(number: int) -> int:
        return number % _KINDS

    def by_openbadgeslib(number: int) -> object:
        return OB3LdpVerifier(pem).verify(given.documents[of(number)])

    def jwt_by_openbadgeslib(number: int) -> object:
        return OB3Verifier(pem).verify(given.tokens[of(number)])

    return {
        _OWN: (_awaited(runner, lambda number: check(parsed(given.bodies[of(number)]), own)), 1),
        _STRANGERS: (_awaited(runner, lambda number: check(parsed(given.bodies[of(number)]), foreign)), 4),
        "Microcred, JWT": (_awaited(runner, lambda number: check_jwt(given.tokens[of(number)], foreign)), 1),
        "@digitalbazaar/vc": (lambda count: _by_peer(peers, "vc verify", given, count), _FEWER),
        "verifier-core": (lambda count: _by_peer(peers, "verifier-core verify", given, count), _FEWER),
        "openbadgeslib": (each_second(by_openbadgeslib), _FEWER),
        "openbadgeslib, JWT": (each_second(jwt_by_openbadgeslib), 4),
    }


def _given() -> Given:
    signed = [
        secured(_SKELETON, values(number), SIGNER, created=CREATED, method=PAIR["id"]) for number in range(_KINDS)
    ]
    tokens = [signed_jwt(_SKELETON.document(values(number)), SIGNER, PAIR["id"]) for number in range(_KINDS)]
    return Given([orjson.loads(each) for each in signed], signed, tokens)


def _ports(hash_of: Callable[[Document, Document], Awaitable[bytes]]) -> Ports:
    async def key(issuer: str, method: str) -> bytes:
        assert (issuer, method) == (ISSUER, PAIR["id"])
        return SIGNER.public_key

    async def bits(_url: str, _issuer: str, _purpose: str) -> bytes:
        return _BITS

    return Ports(hash_of, key, bits, lambda: datetime(2026, 6, 1, tzinfo=UTC))


def _own_hash(given: Given) -> Callable[[Document, Document], Awaitable[bytes]]:
    """Return what the service does for what it issued itself: compare with the copy that is kept, and fill in."""
    kept = {each["id"]: body for each, body in zip(given.documents, given.bodies, strict=True)}

    async def hashed(document: Document, proof: Document) -> bytes:
        assert orjson.loads(kept[document["id"]]) == document
        return hash_of_prepared(
            _SKELETON, values_of(document, SLOTS), created=proof["created"], method=proof["verificationMethod"]
        )

    return hashed


def _awaited(runner: asyncio.Runner, work: Callable[[int], Awaitable[Checked]]) -> Rate:
    async def timed(count: int) -> float:
        await work(0)
        began = time.perf_counter()
        verified = sum([(await work(number)).verified for number in range(1, count + 1)])
        took = time.perf_counter() - began
        if verified < count:
            raise EffectsLost("verifying", "credentials", verified, count)
        return count / took

    return lambda count: runner.run(timed(count))


def _by_peer(peers: Peers, ask: str, given: Given, count: int) -> float:
    # verifier-core cannot be told to trust the status, and would check a status list's proof each time.
    unlisted = orjson.loads(secured(_UNLISTED, {}, SIGNER, created=CREATED, method=PAIR["id"]))
    credential = unlisted if ask.startswith("verifier-core") else given.documents[0]
    answer = peers.ask("rate", count=count, of={"ask": ask, "credential": credential, "trusting": True})
    if not answer["first"]["verified"]:
        raise EffectsLost("verifying", f"credentials of {ask} ({answer['first']['words'][:200]})", 0, count)
    rate: float = answer["per_second"]
    return rate


BENCH = Bench(runs=5, events=5_000, unit="credentials", measure=measure)
