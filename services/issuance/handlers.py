"""One pure function for each event: state and event in, state and outputs out."""

from dataclasses import dataclass, replace

from services.issuance.domain import Award, Credential, Effect, Withdrawal
from services.issuance.errors import CredentialRefused, SkeletonUnfit
from services.issuance.heard import offering_of, pass_of, where
from services.issuance.life import reawards
from services.issuance.making import Making
from services.issuance.news import Decided, changes, decision_of
from services.issuance.order import Order
from services.issuance.passes import Entry, Offering, Pass
from services.issuance.specimen import require_certifiable
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.fanout import OfferingArrived
from shared.contracts.topics import DECISIONS, PASSED
from shared.kit.bindings import Beside, Folded, Place
from shared.kit.errors import RecordRefused

SOURCE = "microcred/issuance"
MOST_DECISIONS = 500
"""Decisions about one award: so many that a document stays small, and more than anybody needs."""


@dataclass(frozen=True, slots=True)
class Issuing(Making):
    """The handlers of awards.

    `order` gives credentials their status entries, `withdrawal` is what becomes of one whose pass is withdrawn.
    """

    order: Order
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
            require_certifiable(published, self.names)
        except (SkeletonUnfit, CredentialRefused) as error:
            raise RecordRefused("data.achievement", f"no credential can be made of it: {error}") from error
        return Folded(published)

    def publication_kept(self, held: Offering | None, event: OfferingPublished) -> Folded[Offering | None]:
        """Keep one publication for itself."""
        return Folded(held or offering_of(event))

    def passed(self, award: Award, event: LearnerPassed, beside: Beside[Offering]) -> Folded[Award]:
        """Issue the credential of a pass, or hold the pass until its offering is known."""
        entry = self.order.entry(award.tenant, beside.place, event.time)
        fact = pass_of(event, where(PASSED, beside.place), entry)
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
        entry = self.order.entry(award.tenant, place, event.time)
        return self._settled(
            award, award.with_decision(decision_of(event, entry, where(DECISIONS, place))), event, beside
        )

    def _settled(self, before: Award, after: Award, event: LearnerEvent, beside: Beside[Offering]) -> Folded[Award]:
        """Issue what can be issued, bring every credential up to what the facts say, and tell what changed."""
        offering = beside.document
        if after.held and offering is not None:
            issued = tuple(
                self._issued(after, one, offering, one.entry or self._entry(after, event, beside.place, nth))
                for nth, one in enumerate(after.held)
            )
            after = after.with_credentials(issued)
        if after is before:
            return Folded(before)
        if after.decisions or after.withdrawn:
            after = self._reawarded(after, offering)
            after = replace(after, credentials=tuple(self.lived(after, one, offering) for one in after.credentials))
        return Folded(after, tuple(changes(before, after, event, SOURCE)))

    def _entry(self, award: Award, event: LearnerEvent, place: Place, nth: int) -> Entry:
        """Return the entry of a pass that was held by a release that kept none with it."""
        return self.order.entry(award.tenant, place, event.time, nth)

    def _issued(self, award: Award, passed: Pass, offering: Offering, entry: Entry) -> Credential:
        return self.made(
            award, offering, derived_id("credential", passed.id), passed=passed, issued=passed.time, entry=entry
        )

    def _reawarded(self, award: Award, offering: Offering | None) -> Award:
        """Issue a new credential for each decision that one follows from."""
        if offering is None:
            return award
        made = [
            self.made(award, offering, credential_id, passed=revoked.passed, issued=decision.time, entry=decision.entry)
            for decision, revoked in reawards(award)
            if award.credential(credential_id := derived_id("credential", decision.id)) is None
        ]
        return replace(award, credentials=(*award.credentials, *made)) if made else award
