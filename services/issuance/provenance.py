"""What led to a credential: every event with its place on the log, and the rule by which it counted. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from services.issuance.domain import Award, Credential, Decision
from services.issuance.life import about, reawards
from shared.contracts.envelope import derived_id

_RULES = {
    "revoke": "a revocation is for good",
    "suspend": "the last suspension or reinstatement counts",
    "reinstate": "the last suspension or reinstatement counts",
    "renew": "signed anew under the same id, with another end: the newer validFrom counts",
    "correct": "signed anew under the same id: the newer validFrom counts, and the entry it had is revoked",
    "reaward": "the first one after a revocation brings a new credential",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One event that led to a credential; `place` is topic/partition/offset, None where it is not known here."""

    event_id: str
    type: str
    rule: str
    time: datetime | None = None
    place: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


def causes(award: Award, credential: Credential) -> Iterator[Cause]:
    """Yield what led to a credential, the publication first, then the pass, then what happened to it since."""
    passed = credential.passed
    yield Cause(
        credential.publication,
        "microcred.offering.published.v1",
        "it says what the offering said when it was signed; the latest publication counts",
    )
    yield Cause(
        passed.id,
        "microcred.learner.passed.v1",
        "one credential for each pass that was never withdrawn",
        passed.time,
        passed.place,
        {
            "policy_version": passed.policy_version,
            "ordinal": passed.ordinal,
            "grade_percent": passed.grade_percent,
        },
    )
    for decision, revoked in reawards(award):
        if derived_id("credential", decision.id) == credential.credential_id:
            yield _decided(decision, in_place_of=revoked.credential_id)
    if withdrawal := award.withdrawn.get(credential.pass_id):
        yield Cause(
            withdrawal.event_id,
            "microcred.pass.withdrawn.v1",
            f"a withdrawn pass: {withdrawal.effect}",
            withdrawal.time,
            withdrawal.place,
            {"reason": withdrawal.reason},
        )
    for decision in about(award, credential.credential_id, *_RULES):
        yield _decided(decision)


def key_of(credential: Credential) -> str:
    """Return the verification method that a credential is signed with."""
    proof = orjson.loads(credential.document)["proof"]
    return str((proof[0] if isinstance(proof, list) else proof)["verificationMethod"])


def _decided(decision: Decision, **more: str) -> Cause:
    details = {
        "code": decision.reason,
        "note": decision.note,
        "by": decision.by,
        "grade_percent": decision.grade_percent,
    }
    if decision.valid_until is not None:
        more["valid_until"] = decision.valid_until.isoformat()
    return Cause(
        decision.id,
        f"decision: {decision.kind}",
        _RULES[decision.kind],
        decision.time,
        decision.place,
        {name: told for name, told in {**details, **more}.items() if told is not None},
    )
