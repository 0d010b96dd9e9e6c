"""One pure function for each event: state and event in, state and outputs out.

The signer is a port that signs the same content alike every time (Ed25519), so a handler with one is as pure as one
without; the key was loaded when the service started.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import orjson

from services.issuance.credential import Names, percent, skeleton_of, subject_id, timestamp
from services.issuance.did import method_of
from services.issuance.domain import Alignment, Award, Credential, Effect, Entry, Offering, Pass, Withdrawal
from services.issuance.errors import CredentialRefused, SkeletonUnfit
from services.issuance.keyring import KeyRing
from services.issuance.life import Form, form, reawards, revoked, says, suspended
from services.issuance.news import Decided, changes, decision_of
from services.issuance.proof import secured
from services.issuance.status import entry_for
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.fanout import OfferingArrived
from shared.contracts.topics import DECISIONS, PASSED, Topic
from shared.kit.errors import RecordRefused
from shared.kit.worker import Beside, Folded, Place

SOURCE = "microcred/issuance"
MOST_DECISIONS = 500
"""Decisions about one award: so many that a document stays small, and more than anybody needs."""


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
        data, place = event.data, _where(PASSED, beside.place)
        fact = Pass(event.id, event.time, data.grade_percent, data.policy_version, data.ordinal, place)
        return self._settled(award, award.with_pass(fact), event, beside)

    def withdrawn(self, award: Award, event: PassWithdrawn, beside: Beside[Offering]) -> Folded[Award]:
        """Do to the credential of a pass what the policy says; a pass that is not issued yet never will be."""
        if self.withdrawal == "keep":
            return Folded(award)
        place = _where(PASSED, beside.place)
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
            award, award.with_decision(decision_of(event, entry, _where(DECISIONS, place))), event, beside
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
        saying = Form(issued, None, entry, (), passed.grade_percent)
        document = self._signed(award, offering, credential_id, saying)
        return Credential(credential_id, passed, issued, entry, entry, issued, document, offering.event_id)

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
            document=self._signed(award, offering, credential.credential_id, saying),
        )

    def _signed(self, award: Award, offering: Offering, credential_id: str, saying: Form) -> bytes:
        list_url, created = self.names.status_list(saying.entry.status_list), timestamp(saying.valid_from)
        values = {
            "id": self.names.credential(credential_id),
            "valid_from": created,
            "subject": subject_id(award.tenant, award.learner_ref),
            "grade": percent(saying.grade_percent),
            "status": f"{list_url}#{saying.entry.index}",
            "index": str(saying.entry.index),
            "list": list_url,
        }
        if saying.valid_until is not None:
            values["valid_until"] = timestamp(saying.valid_until)
        signer = self.keys.signer_at(award.tenant, saying.valid_from)
        method = method_of(self.names, award.tenant, signer)
        skeleton = skeleton_of(offering, self.names, ends=saying.valid_until is not None)
        return orjson.dumps(secured(skeleton, values, signer, created=created, method=method))


def _where(topic: Topic, place: Place) -> str:
    return f"{topic.name}/{place.partition}/{place.offset}"


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
