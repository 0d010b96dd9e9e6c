"""One pure function for each event: state and event in, state and outputs out.

The signer is a port that signs the same content alike every time (Ed25519), so a handler with one is as pure as one
without; the key was loaded when the service started.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from services.issuance.credential import Names, expiry, shape_of, skeleton_of, subject_id
from services.issuance.did import method_of
from services.issuance.domain import Award, Credential, Effect, Entry, Withdrawal
from services.issuance.errors import CredentialRefused, SkeletonUnfit
from services.issuance.heard import offering_of, pass_of, where
from services.issuance.keyring import KeyRing
from services.issuance.life import Form, form, reawards, revoked, says, suspended
from services.issuance.news import Decided, changes, decision_of
from services.issuance.passes import Offering, Pass
from services.issuance.proof import secured
from services.issuance.shape import Filling, Said, values_for
from services.issuance.status import entry_for
from services.issuance.wording import timestamp
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.fanout import OfferingArrived
from shared.contracts.topics import DECISIONS, PASSED
from shared.kit.errors import RecordRefused
from shared.kit.worker import Beside, Folded, Place

SOURCE = "microcred/issuance"
MOST_DECISIONS = 500
"""Decisions about one award: so many that a document stays small, and more than anybody needs."""


class _Subject(NamedTuple):
    """What a document is about, whatever it says today."""

    credential_id: str
    passed: Pass
    issued: datetime


@dataclass(frozen=True, slots=True)
class Issuing:
    """The handlers of awards, with the keys and the names that credentials are made with.

    `withdrawal` is what becomes of a credential whose pass is withdrawn.
    """

    keys: KeyRing
    names: Names
    withdrawal: Effect = "revoke"

    def offering_published(self, held: Offering | None, event: OfferingPublished) -> Folded[Offering | None]:
        """Keep the latest publication of an offering, and prepare its credential.

        Raises:
            RecordRefused: no credential can be made of it.

        """
        published = offering_of(event)
        if not published.is_newer_than(held):
            return Folded(held)
        try:
            skeleton_of(published, self.names)
        except (SkeletonUnfit, CredentialRefused) as error:
            raise RecordRefused("data.achievement", f"no credential can be made of it: {error}") from error
        return Folded(published)

    def publication_kept(self, held: Offering | None, event: OfferingPublished) -> Folded[Offering | None]:
        """Keep one publication for itself."""
        return Folded(held or offering_of(event))

    def passed(self, award: Award, event: LearnerPassed, beside: Beside[Offering]) -> Folded[Award]:
        """Issue the credential of a pass, or hold the pass until its offering is known."""
        fact = pass_of(event, where(PASSED, beside.place))
        return self._settled(award, award.with_pass(fact), event, beside)

    def withdrawn(self, award: Award, event: PassWithdrawn, beside: Beside[Offering]) -> Folded[Award]:
        """Do to the credential of a pass what the policy says; a pass that is not issued yet never will be."""
        if self.withdrawal == "keep":
            return Folded(award)
        place = where(PASSED, beside.place)
        withdrawal = Withdrawal(event.time, event.data.reason, self.withdrawal, event.id, place)
        return self._settled(award, award.with_withdrawal(event.data.pass_id, withdrawal), event, beside)

    def arrived(self, award: Award, event: OfferingArrived, beside: Beside[Offering]) -> Folded[Award]:
        """Issue the credentials of the passes that waited for this offering."""
        return self._settled(award, award, event, beside)

    def decided(self, award: Award, event: Decided, beside: Beside[Offering]) -> Folded[Award]:
        """Carry out what an institution decided, as far as it makes sense; what does not is noted all the same.

        Raises:
            RecordRefused: more was decided about this award than anybody could mean.

        """
        if len(award.decisions) >= MOST_DECISIONS:
            raise RecordRefused("data.credential_id", f"{MOST_DECISIONS} decisions were made about this award already")
        place = beside.place
        entry = Entry(*entry_for(award.tenant, place.topic_id, place.partition, place.offset))
        return self._settled(
            award, award.with_decision(decision_of(event, entry, where(DECISIONS, place))), event, beside
        )

    def _settled(self, before: Award, after: Award, event: LearnerEvent, beside: Beside[Offering]) -> Folded[Award]:
        """Issue what can be issued, bring every credential up to what the facts say, and tell what changed."""
        offering = beside.document
        if after.held and offering is not None:
            issued = tuple(self._issued(after, one, offering, beside.place, nth) for nth, one in enumerate(after.held))
            after = after.with_credentials(issued)
        if after is before:
            return Folded(before)
        if after.decisions or after.withdrawn:
            after = self._reawarded(after, offering)
            after = replace(after, credentials=tuple(self._lived(after, one, offering) for one in after.credentials))
        return Folded(after, tuple(changes(before, after, event, SOURCE)))

    def _issued(self, award: Award, passed: Pass, offering: Offering, place: Place, nth: int) -> Credential:
        entry = Entry(*entry_for(award.tenant, place.topic_id, place.partition, place.offset, nth))
        return self._made(
            award, offering, derived_id("credential", passed.id), passed=passed, issued=passed.time, entry=entry
        )

    def _reawarded(self, award: Award, offering: Offering | None) -> Award:
        """Issue a new credential for each decision that one follows from."""
        if offering is None:
            return award
        made = [
            self._made(
                award, offering, credential_id, passed=revoked.passed, issued=decision.time, entry=decision.entry
            )
            for decision, revoked in reawards(award)
            if award.credential(credential_id := derived_id("credential", decision.id)) is None
        ]
        return replace(award, credentials=(*award.credentials, *made)) if made else award

    def _made(  # noqa: PLR0913 - what a credential is made of
        self, award: Award, offering: Offering, credential_id: str, *, passed: Pass, issued: datetime, entry: Entry
    ) -> Credential:
        expires = expiry(offering, issued)
        saying = Form(issued, expires, entry, (), passed.grade_percent)
        return Credential(
            credential_id,
            passed,
            issued,
            entry,
            entry,
            issued,
            self._signed(award, offering, _Subject(credential_id, passed, issued), saying),
            publication=offering.event_id,
            expires=expires,
            valid_until=expires,
        )

    def _lived(self, award: Award, credential: Credential, offering: Offering | None) -> Credential:
        """Return a credential as the facts have it: whether it stands, and what it says."""
        lived = replace(credential, revoked=revoked(award, credential), suspended=suspended(award, credential))
        saying = form(award, credential)
        if offering is None or says(credential, saying):
            return lived
        return replace(
            lived,
            valid_from=saying.valid_from,
            valid_until=saying.valid_until,
            entry=saying.entry,
            replaced=saying.replaced,
            publication=offering.event_id,
            document=self._signed(
                award, offering, _Subject(credential.credential_id, credential.passed, credential.issued), saying
            ),
        )

    def _signed(self, award: Award, offering: Offering, about: _Subject, saying: Form) -> bytes:
        """Return the signed document of a credential.

        Raises:
            RecordRefused: what the pass says cannot stand on a credential.

        """
        filling = Filling(
            url=self.names.credential(about.credential_id),
            subject=subject_id(award.tenant, award.learner_ref),
            list_url=self.names.status_list(saying.entry.status_list),
            index=saying.entry.index,
            awarded=about.issued,
            valid_from=saying.valid_from,
            valid_until=saying.valid_until,
            grade_percent=saying.grade_percent,
        )
        signer = self.keys.signer_at(award.tenant, saying.valid_from)
        method, created = method_of(self.names, award.tenant, signer), timestamp(saying.valid_from)
        said = Said.by(about.passed)
        shape = shape_of(offering, said, ends=saying.valid_until is not None)
        try:
            skeleton, values = skeleton_of(offering, self.names, shape), values_for(said, filling)
            return secured(skeleton, values, signer, created=created, method=method)
        except (SkeletonUnfit, CredentialRefused) as error:
            raise RecordRefused("data", f"no credential can be made of it: {error}") from error
