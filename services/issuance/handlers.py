"""One pure function for each event: state and event in, state and outputs out.

The signer is a port that signs the same content alike every time (Ed25519), so a handler with one is as pure as one
without; the key was loaded when the service started.
"""

from dataclasses import dataclass
from decimal import Decimal

import orjson

from services.issuance.credential import Names, percent, skeleton_of, subject_id, timestamp
from services.issuance.did import method_of
from services.issuance.domain import Alignment, Award, Credential, Offering, Pass, Withdrawal
from services.issuance.errors import CredentialRefused, SkeletonUnfit
from services.issuance.proof import secured
from services.issuance.signer import Signer
from services.issuance.status import entry_for
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import LearnerEvent, caused_by, derived_id
from shared.contracts.fanout import OfferingArrived
from shared.contracts.issuance import CredentialIssued, CredentialRevoked, IssuedCredential, Revocation
from shared.kit.errors import RecordRefused
from shared.kit.worker import Beside, Folded, Place

SOURCE = "microcred/issuance"


@dataclass(frozen=True, slots=True)
class Issuing:
    """The handlers of awards, with the key and the names that credentials are made with."""

    signer: Signer
    names: Names

    def offering_published(self, held: Offering | None, event: OfferingPublished) -> Folded[Offering | None]:
        """Keep the latest publication of an offering, and prepare its credential.

        Raises:
            RecordRefused: no credential can be made of it.

        """
        published = _offering(event)
        if not published.is_newer_than(held):
            return Folded(held)
        try:
            skeleton_of(published, self.names)
        except (SkeletonUnfit, CredentialRefused) as error:
            raise RecordRefused("data.achievement", f"no credential can be made of it: {error}") from error
        return Folded(published)

    def passed(self, award: Award, event: LearnerPassed, beside: Beside[Offering]) -> Folded[Award]:
        """Issue the credential of a pass, or hold the pass until its offering is known."""
        fact = Pass(event.id, event.time, event.data.grade_percent)
        return self._settled(award.with_pass(fact), event, beside)

    def withdrawn(self, award: Award, event: PassWithdrawn, _beside: Beside[Offering]) -> Folded[Award]:
        """Revoke the credential of a pass; a pass that is not issued yet never will be."""
        withdrawal = Withdrawal(event.time, event.data.reason)
        after = award.with_withdrawal(event.data.pass_id, withdrawal)
        if after is award:
            return Folded(award)
        revoked = [one for one in after.credentials if one.pass_id == event.data.pass_id]
        return Folded(after, tuple(_revoked(one, event) for one in revoked))

    def arrived(self, award: Award, event: OfferingArrived, beside: Beside[Offering]) -> Folded[Award]:
        """Issue the credentials of the passes that waited for this offering."""
        return self._settled(award, event, beside)

    def _settled(self, award: Award, event: LearnerEvent, beside: Beside[Offering]) -> Folded[Award]:
        if not award.held or beside.document is None:
            return Folded(award)
        issued = tuple(
            self._issued(award, one, beside.document, beside.place, nth) for nth, one in enumerate(award.held)
        )
        return Folded(award.with_credentials(issued), tuple(_announced(one, award, event) for one in issued))

    def _issued(self, award: Award, passed: Pass, offering: Offering, place: Place, nth: int) -> Credential:
        credential_id = derived_id("credential", passed.id)
        list_id, index = entry_for(award.tenant, place.topic_id, place.partition, place.offset, nth)
        list_url, created = self.names.status_list(list_id), timestamp(passed.time)
        values = {
            "id": self.names.credential(credential_id),
            "valid_from": created,
            "subject": subject_id(award.tenant, award.learner_ref),
            "grade": percent(passed.grade_percent),
            "status": f"{list_url}#{index}",
            "index": str(index),
            "list": list_url,
        }
        method = method_of(self.names, award.tenant, self.signer)
        document = secured(skeleton_of(offering, self.names), values, self.signer, created=created, method=method)
        return Credential(credential_id, passed.id, list_id, index, passed.time, orjson.dumps(document))


def _announced(credential: Credential, award: Award, event: LearnerEvent) -> CredentialIssued:
    return CredentialIssued(
        **{**caused_by(event, SOURCE), "time": credential.valid_from},
        id=derived_id("issued", credential.credential_id),
        learner_ref=award.learner_ref,
        data=IssuedCredential(
            offering=award.offering,
            credential_id=credential.credential_id,
            pass_id=credential.pass_id,
            status_list=credential.status_list,
            status_index=credential.status_index,
        ),
    )


def _revoked(credential: Credential, event: PassWithdrawn) -> CredentialRevoked:
    return CredentialRevoked(
        **caused_by(event, SOURCE),
        id=derived_id("revoked", credential.credential_id),
        learner_ref=event.learner_ref,
        data=Revocation(offering=event.data.offering, credential_id=credential.credential_id, reason=event.data.reason),
    )


def _offering(event: OfferingPublished) -> Offering:
    data = event.data
    return Offering(
        tenant=event.tenant,
        offering=data.offering,
        name=data.achievement.name,
        description=data.achievement.description,
        criteria=data.achievement.criteria,
        language=data.achievement.language,
        alignments=tuple(
            Alignment(each.target_name, str(each.target_url), each.target_framework)
            for each in data.achievement.alignments
        ),
        issuer_name=data.issuer.name,
        issuer_url=str(data.issuer.url) if data.issuer.url else None,
        pass_mark=format(Decimal(data.policy.pass_mark).normalize(), "f"),
        published=event.time,
        event_id=event.id,
    )
