"""What led to a credential: every event with its place on the log, and the rule by which it counted. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from services.issuance.domain import Award, Credential, Decision
from services.issuance.life import about, reawards
from services.issuance.passes import Pass
from shared.contracts.envelope import derived_id, utc

_RULES = {
    "revoke": "a revocation is for good",
    "suspend": "the last suspension or reinstatement counts",
    "reinstate": "the last suspension or reinstatement counts",
    "renew": "signed anew under the same id, with another end: the newer validFrom counts",
    "correct": "signed anew under the same id: the newer validFrom counts, and the entry it had is revoked",
    "reaward": "the first one after a revocation brings a new credential",
}
_PLACE = "only who has a place passes; the latest word about it counts"
_RELEASE = "results count when they are released"
_MIGRATION = "judged under the policy version that it names"
_COUNTED = {
    "microcred.learner.registered.v1": _PLACE,
    "microcred.learner.unregistered.v1": _PLACE,
    "microcred.result.reported.v1": "a mark that nobody took back; the policy's rule of attempts counted it",
    "microcred.verdict.reported.v1": "the policy leaves the decision to the platform; its latest verdict counts",
    "microcred.learning.recognised.v1": "it stands in for what was not shown here, and passes nobody by itself",
    "microcred.identity.checked.v1": "the policy asks for it; the latest word about an attempt counts",
    "microcred.extension.granted.v1": "the latest due date of a component counts",
    "microcred.results.released.v1": _RELEASE,
    "microcred.all.released.v1": _RELEASE,
    "microcred.learner.migrated.v1": _MIGRATION,
    "microcred.all.migrated.v1": _MIGRATION,
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
    """Yield what led to a credential: the publication, what the pass rests on, the pass, what happened to it since."""
    passed = credential.passed
    yield Cause(
        credential.publication,
        "microcred.offering.published.v1",
        "it says what the offering said when it was signed; the latest publication counts",
    )
    yield from _basis(passed)
    yield Cause(
        passed.id,
        "microcred.learner.passed.v1",
        "one credential for each pass that was never withdrawn",
        passed.time,
        passed.place,
        _of_pass(passed),
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


def _basis(passed: Pass) -> Iterator[Cause]:
    """Yield the events that a pass rests on, as far as it names them."""
    for event_id, type_, time, component in orjson.loads(passed.causes or "[]"):
        rule = _COUNTED.get(type_, "the pass rests on it")
        yield Cause(event_id, type_, rule, utc(time), details={"component": component} if component else {})


def _of_pass(passed: Pass) -> dict[str, Any]:
    components = [_said(component=each.id, title=each.title, score_percent=each.percent) for each in passed.components]
    return _said(
        policy_version=passed.policy_version,
        ordinal=passed.ordinal,
        grade_percent=passed.grade_percent,
        pass_mark=passed.pass_mark,
        components=components or None,
        decided_by=passed.decided_by,
        causes_left_out=passed.causes_left_out,
    )


def _said(**members: Any) -> dict[str, Any]:
    return {name: each for name, each in members.items() if each is not None}


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
        _said(**details, **more),
    )
