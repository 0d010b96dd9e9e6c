"""What others say of a credential: checked one by one, told in words, and no part of the verdict."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.issuance.checking.endorsing import MOST
from services.issuance.checking.report import Outcome, Step
from services.issuance.checking.verifier import check, check_jwt
from services.issuance.errors import CheckerBusy
from services.issuance.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES
from services.issuance.proofs.vcjwt import signed_jwt
from tests.unit.issuance.proving import ED, WEB, Document, badge, method, ports, proved

BADGE = badge()
ENDORSED = {
    "credential": BADGE["id"],
    "achievement": BADGE["credentialSubject"]["achievement"]["id"],
    "issuer": BADGE["issuer"]["id"],
}


def unsigned(of: str, **members: Any) -> Document:
    subject = {"id": ENDORSED[of], "type": ["EndorsementSubject"], "endorsementComment": "Well taught."}
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": "urn:uuid:2c4e7f1a-3f0a-5b69-8a37-d1f9b7b2c1de",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": WEB, "type": ["Profile"], "name": "Council"},
        "name": "Endorsement",
        "validFrom": "2026-03-02T09:30:00Z",
        "credentialSubject": subject,
        **members,
    }


def endorsed(*endorsements: Any, at: str = "credential", member: str = "endorsement") -> Document:
    """Return a signed badge that carries these."""
    carried = {member: list(endorsements)}
    subject = BADGE["credentialSubject"]
    whole = {
        "credential": {**BADGE, **carried},
        "issuer": {**BADGE, "issuer": {**BADGE["issuer"], **carried}},
        "achievement": {
            **BADGE,
            "credentialSubject": {**subject, "achievement": {**subject["achievement"], **carried}},
        },
    }
    return proved(document=whole[at])


async def told(document: Document) -> tuple[Step, ...]:
    report = await check(document, ports())
    assert report.verified, report
    return report.endorsements


@pytest.mark.parametrize("at", ENDORSED)
async def test_a_good_endorsement_is_told_with_who_gave_it(at: str) -> None:
    [step] = await told(endorsed(proved(document=unsigned(at)), at=at))

    assert step.outcome is Outcome.PASSED, step
    assert step.code == "endorsement_passed"
    assert f"Council ({WEB}) endorses" in step.words
    assert "“Well taught.”" in step.words


@pytest.mark.parametrize("at", ["issuer", "achievement"])
async def test_it_may_be_a_jwt(at: str) -> None:
    good = signed_jwt(unsigned(at), ED, method(ED))
    steps = await told(endorsed(good, f"{good[:-4]}AAAA", at=at, member="endorsementJwt"))

    assert [step.outcome for step in steps] == [Outcome.PASSED, Outcome.FAILED]


async def test_a_badge_that_is_a_jwt_carries_them_as_well() -> None:
    document = {**BADGE, "endorsement": [proved(document=unsigned("credential"))]}

    report = await check_jwt(signed_jwt(document, ED, method(ED)), ports())

    assert [step.outcome for step in report.endorsements] == [Outcome.PASSED]


@pytest.mark.parametrize(
    ("members", "code", "words"),
    [
        ({"credentialSubject": {"id": "urn:other", "type": ["EndorsementSubject"]}}, "endorsement_failed", "in which"),
        ({"validUntil": "2026-03-03T09:30:00Z"}, "expired", "expired"),
        ({"issuer": {"id": "did:example:x", "type": ["Profile"]}}, "endorsement_failed", "somebody else"),
    ],
    ids=str,
)
async def test_one_that_does_not_hold_is_told_and_takes_nothing(members: Document, code: str, words: str) -> None:
    [step] = await told(endorsed(proved(document=unsigned("credential", **members))))

    assert (step.outcome, step.code) == (Outcome.FAILED, code)
    assert "does not hold" in step.words
    assert words in step.words


async def test_one_that_was_changed_does_not_hold() -> None:
    changed = {**proved(document=unsigned("credential")), "name": "Another"}

    [step] = await told(endorsed(changed))

    assert step.outcome is Outcome.FAILED
    assert "changed after it was signed" in step.words


async def test_one_by_nobody_who_is_known_is_neither_good_nor_bad() -> None:
    [step] = await told(endorsed(signed_by("did:web:nobody.example")))

    assert (step.outcome, step.code) == (Outcome.UNKNOWN, "issuer_unknown")


def signed_by(issuer: str) -> Document:
    document = unsigned("credential", issuer={"id": issuer, "type": ["Profile"], "name": "Nobody"})
    signed = proved(document=document)
    proof = {**signed["proof"][0], "verificationMethod": f"{issuer}#key"}
    return {**signed, "proof": [proof]}


async def test_no_more_are_looked_at_than_a_credential_may_cost() -> None:
    steps = await told(endorsed(*[proved(document=unsigned("credential"))] * (MOST + 3)))

    assert [step.outcome for step in steps] == [Outcome.PASSED] * MOST + [Outcome.SKIPPED]


async def test_none_is_looked_at_when_others_took_long() -> None:
    clock = iter(range(0, 1000, 3))
    began = ports().now()
    slow = replace(ports(), now=lambda: began + timedelta(seconds=next(clock)))

    report = await check(endorsed(*[proved(document=unsigned("credential"))] * 3), slow)

    assert Outcome.SKIPPED in {step.outcome for step in report.endorsements}
    assert len(report.endorsements) < 3


async def test_a_busy_checker_is_no_verdict_on_them() -> None:
    whole = endorsed(proved(document=unsigned("credential")))
    hash_of = ports().hash_of

    async def busy(document: Document, proof: Document) -> bytes:
        if document["type"][1] == "EndorsementCredential":
            raise CheckerBusy("busy")
        return await hash_of(document, proof)

    report = await check(whole, replace(ports(), hash_of=busy))

    assert report.verified
    assert [step.outcome for step in report.endorsements] == [Outcome.UNKNOWN]


async def test_nobody_endorses_what_was_changed() -> None:
    document = endorsed(proved(document=unsigned("credential")))

    report = await check({**document, "name": "Another"}, ports())

    assert not report.verified
    assert report.endorsements == ()
