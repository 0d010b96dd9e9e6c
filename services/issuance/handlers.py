"""One pure function for each event: state and event in, state and outputs out.

The signer is a port that signs the same content alike every time (Ed25519), so a handler with one is as pure as one
without; the key was loaded when the service started.
"""

from dataclasses import dataclass

import orjson

from services.issuance.credential import Issued, Names, form_of, skeleton_of, subject_id, values_for
from services.issuance.did import method_of
from services.issuance.domain import Award, Component, Credential, Evidence, Offering, Pass, Withdrawal
from services.issuance.errors import CredentialRefused, SkeletonUnfit
from services.issuance.proof import secured
from services.issuance.signer import Signer
from services.issuance.status import entry_for
from services.issuance.wording import timestamp
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
        return self._settled(award.with_pass(_pass(event)), event, beside)

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
        try:
            issued = tuple(
                self._issued(award, one, beside.document, beside.place, nth) for nth, one in enumerate(award.held)
            )
        except (SkeletonUnfit, CredentialRefused) as error:
            raise RecordRefused("data", f"no credential can be made of it: {error}") from error
        return Folded(award.with_credentials(issued), tuple(_announced(one, award, event) for one in issued))

    def _issued(self, award: Award, passed: Pass, offering: Offering, place: Place, nth: int) -> Credential:
        credential_id = derived_id("credential", passed.id)
        list_id, index = entry_for(award.tenant, place.topic_id, place.partition, place.offset, nth)
        form = form_of(offering, passed)
        issued = Issued(
            self.names.credential(credential_id),
            subject_id(award.tenant, award.learner_ref),
            self.names.status_list(list_id),
            index,
        )
        values = values_for(offering, passed, form, issued)
        skeleton, method = skeleton_of(offering, self.names, form), method_of(self.names, award.tenant, self.signer)
        document = secured(skeleton, values, self.signer, created=timestamp(passed.time), method=method)
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
    definition = data.model_dump_json(exclude_none=True)
    return Offering(event.tenant, data.offering, data.achievement.name, definition, event.time, event.id)


def _pass(event: LearnerPassed) -> Pass:
    data = event.data
    pieces = [Evidence(**each.model_dump()) for each in data.evidence]
    # Two pieces at one address would be one thing with two names.
    distinct = {piece.url or number: piece for number, piece in enumerate(pieces)}
    return Pass(
        event.id,
        event.time,
        data.grade_percent,
        data.pass_mark,
        tuple(Component(each.component, each.title, each.score_percent) for each in data.components),
        tuple(distinct.values()),
        data.started,
        data.ended,
        data.role,
        data.term,
    )
