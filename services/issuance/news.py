"""What issuance hears of decisions and says of credentials: events in and out, and nothing else. Pure."""

from collections.abc import Iterator
from typing import get_args

from services.issuance.domain import Award, Credential, Decision, Kind
from services.issuance.life import revisions
from services.issuance.passes import Entry
from shared.contracts.decisions import (
    CorrectionDecided,
    ReawardDecided,
    ReinstatementDecided,
    RenewalDecided,
    RevocationDecided,
    SuspensionDecided,
)
from shared.contracts.envelope import LearnerEvent, caused_by, derived_id
from shared.contracts.issuance import (
    CredentialCorrected,
    CredentialIssued,
    CredentialReinstated,
    CredentialRenewed,
    CredentialRevoked,
    CredentialSuspended,
    Reissue,
    Revocation,
)

Decided = (
    RevocationDecided | SuspensionDecided | ReinstatementDecided | RenewalDecided | CorrectionDecided | ReawardDecided
)
DECIDED: dict[Kind, type[Decided]] = dict(zip(get_args(Kind), get_args(Decided), strict=True))
"""The event of each kind of decision."""
_KIND = {event: kind for kind, event in DECIDED.items()}


def decision_of(event: Decided, entry: Entry, place: str) -> Decision:
    """Return what an institution decided."""
    data = event.data
    return Decision(
        id=event.id,
        kind=_KIND[type(event)],
        credential_id=data.credential_id,
        time=event.time,
        reason=data.code,
        by=data.by,
        entry=entry,
        place=place,
        note=data.note,
        valid_until=getattr(data, "valid_until", None),
        grade_percent=getattr(data, "grade_percent", None),
    )


def changes(before: Award, after: Award, event: LearnerEvent, source: str) -> Iterator[LearnerEvent]:
    """Yield what is new about each credential; said once, since a fact changes an award once."""
    for now in after.credentials:
        was = before.credential(now.credential_id)
        if was is None:
            yield _issued(after, now, event, source)
        if was is not None and was.revoked is None and now.revoked is None:
            yield from _reissued(before, after, now, event, source)
        yield from _standing(was, now, event, source)


def _standing(was: Credential | None, now: Credential, event: LearnerEvent, source: str) -> Iterator[LearnerEvent]:
    if now.status == ("active" if was is None else was.status):
        return
    about = {**caused_by(event, source), "learner_ref": event.learner_ref}
    named = {"offering": event.data.offering, "credential_id": now.credential_id}
    if now.revoked:
        id_ = derived_id("revoked", now.credential_id)
        yield CredentialRevoked(**about, id=id_, data=Revocation(**named, reason=now.revoked.reason))
    elif now.suspended:
        id_ = derived_id("suspended", now.credential_id, event.id)
        yield CredentialSuspended(**about, id=id_, data=Revocation(**named, reason=now.suspended.reason))
    else:
        id_ = derived_id("reinstated", now.credential_id, event.id)
        code = getattr(event.data, "code", "reinstated")
        yield CredentialReinstated(**about, id=id_, data=Revocation(**named, reason=code))


def _issued(award: Award, credential: Credential, event: LearnerEvent, source: str) -> CredentialIssued:
    return CredentialIssued(
        **{**caused_by(event, source), "time": credential.issued},
        id=derived_id("issued", credential.credential_id),
        learner_ref=award.learner_ref,
        # A dictionary is validated together with the envelope: this stands on the way of every credential.
        data={
            "offering": award.offering,
            "credential_id": credential.credential_id,
            "pass_id": credential.pass_id,
            "status_list": credential.first.status_list,
            "status_index": credential.first.index,
        },
    )


def _reissued(before: Award, after: Award, now: Credential, event: LearnerEvent, source: str) -> Iterator[LearnerEvent]:
    known = {one.id for one in before.decisions}
    for decision in revisions(after, now):
        if decision.id in known:
            continue
        kind = CredentialRenewed if decision.kind == "renew" else CredentialCorrected
        yield kind(
            **{**caused_by(event, source), "time": decision.time},
            id=derived_id("reissued", decision.id),
            learner_ref=after.learner_ref,
            data=Reissue(
                offering=after.offering,
                credential_id=now.credential_id,
                valid_until=now.valid_until,
                status_list=now.status_list,
                status_index=now.status_index,
                reason=decision.reason,
            ),
        )
