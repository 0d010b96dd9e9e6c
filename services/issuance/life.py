"""The life of a credential: what the facts about an award say of each one. Pure.

A fact is a withdrawn pass or a decision. Decisions stand in one order on the log, and so do withdrawals, but neither
stands before the other: whatever is asked here has the same answer however the two are mixed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.issuance.domain import Award, Credential, Decision, Withdrawal
from services.issuance.passes import Entry


@dataclass(frozen=True, slots=True)
class Form:
    """What a credential has to say of itself: dates, status entry, grade, and the entries of earlier forms."""

    valid_from: datetime
    valid_until: datetime | None
    entry: Entry
    replaced: tuple[Entry, ...]
    grade_percent: float


def about(award: Award, credential_id: str, *kinds: str) -> list[Decision]:
    """Return the decisions of these kinds about a credential, in the order of the log."""
    return [one for one in award.decisions if one.credential_id == credential_id and one.kind in kinds]


def revoked(award: Award, credential: Credential) -> Withdrawal | None:
    """Return what revoked a credential, the earliest if there is more than one: a revocation is never taken back."""
    facts = [_fact(one) for one in about(award, credential.credential_id, "revoke")]
    withdrawal = award.withdrawn.get(credential.pass_id)
    if withdrawal is not None and withdrawal.effect == "revoke":
        facts.append(withdrawal)
    return min(facts, key=lambda one: (one.time, one.reason), default=None)


def suspended(award: Award, credential: Credential) -> Withdrawal | None:
    """Return what suspends a credential.

    That is the last decision if it is no reinstatement, else a withdrawn pass after which nobody reinstated it.
    """
    decided = about(award, credential.credential_id, "suspend", "reinstate")
    if decided and decided[-1].kind == "suspend":
        return _fact(decided[-1])
    withdrawal = award.withdrawn.get(credential.pass_id)
    if withdrawal is None or withdrawal.effect != "suspend":
        return None
    return None if any(one.kind == "reinstate" and one.time > withdrawal.time for one in decided) else withdrawal


def revisions(award: Award, credential: Credential) -> list[Decision]:
    """Return the renewals and corrections of a credential, by their time: the newer validFrom counts."""
    later = (one for one in about(award, credential.credential_id, "renew", "correct") if one.time > credential.issued)
    return sorted(later, key=lambda one: (one.time, one.id))


def form(award: Award, credential: Credential) -> Form:
    """Return what a credential has to say."""
    revised = revisions(award, credential)
    corrected = [one for one in revised if one.kind == "correct"]
    renewed = [one for one in revised if one.kind == "renew"]
    grades = [one.grade_percent for one in corrected if one.grade_percent is not None]
    entries = (credential.first, *(one.entry for one in corrected))
    return Form(
        valid_from=revised[-1].time if revised else credential.issued,
        valid_until=renewed[-1].valid_until if renewed else credential.expires,
        entry=entries[-1],
        replaced=entries[:-1],
        grade_percent=grades[-1] if grades else credential.passed.grade_percent,
    )


def says(credential: Credential, form: Form) -> bool:
    """Tell whether a credential says this already: a correction, whatever it corrects, has an entry of its own."""
    now = (credential.valid_from, credential.valid_until, credential.entry, credential.replaced)
    return now == (form.valid_from, form.valid_until, form.entry, form.replaced)


def reawards(award: Award) -> Iterable[tuple[Decision, Credential]]:
    """Yield the decisions that a new credential follows from, with the revoked one: the first for each, if any.

    One revoked because its pass was withdrawn is not awarded again: another pass does that by itself.
    """
    seen: set[str] = set()
    revoking: set[str] = set()
    for decision in award.decisions:
        if decision.kind == "revoke":
            revoking.add(decision.credential_id)
        credential = award.credential(decision.credential_id)
        if decision.kind != "reaward" or credential is None or decision.credential_id not in revoking - seen:
            continue
        withdrawal = award.withdrawn.get(credential.pass_id)
        if withdrawal is None or withdrawal.effect != "revoke":
            seen.add(decision.credential_id)
            yield decision, credential


def _fact(decision: Decision) -> Withdrawal:
    return Withdrawal(decision.time, decision.reason, event_id=decision.id, place=decision.place)
