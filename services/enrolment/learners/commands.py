"""What an institution decides about a learner: who is shown, erased, or the same person as another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from services.enrolment.commands import Log
from services.enrolment.errors import FieldError, LearnerUnknown, LinkRefused
from services.enrolment.handlers import SOURCE
from services.enrolment.learners.domain import standing
from services.enrolment.learners.identity import Check
from services.enrolment.learners.store import LearnerBook
from services.enrolment.store import Enrolments
from services.enrolment.vault.box import Vault
from shared.contracts.envelope import derived_id
from shared.contracts.learners import Asked, LearnerDisclosed, LearnerErased, LearnerLinked, Link
from shared.kit.auth import Caller
from shared.kit.store import Reader

#: References of one person; nobody has as many accounts.
_MOST_REFERENCES = 1_000


class Shown(NamedTuple):
    """A learner's personal data, who goes as them, as whom they go, and the latest check of who holds the account."""

    person: dict[str, Any]
    others: list[str]
    goes_as: str
    check: Check | None


@dataclass(frozen=True, slots=True)
class Decider:
    """Carries out what one caller decides at one moment."""

    reader: Reader
    vault: Vault
    log: Log
    caller: Caller
    now: datetime
    traceparent: str | None = None

    @property
    def _book(self) -> LearnerBook:
        return LearnerBook(self.reader, self.caller.tenant)

    async def show(self, ref: str) -> Shown:
        """Return what there is to show of a learner; the log knows it before.

        Raises:
            Gone: the learner was erased.
            LearnerUnknown: nothing was ever reported of them.
            Unreadable: what is kept does not open.

        """
        known = await self._book.known({ref})
        stands = standing(ref, known.get)
        if stands.erased:
            # Perhaps the vault comes from a backup that is older than the erasure.
            await self.vault.erase(self.caller.tenant, {ref}, self.now)
        person = await self.vault.open(self.caller.tenant, ref)
        others = [each.learner_ref for each in await self._book.linked_into(ref)]
        check = await self._book.check_of(ref)
        of_them = person is not None or known or others or check is not None
        if not of_them and not await self._has_enrolments(ref):
            raise LearnerUnknown(ref)
        if person:
            await self.log.append([LearnerDisclosed(**self._envelope(ref, "disclosed", self.now.isoformat()))])
        return Shown(person or {}, others, stands.learner_ref, check)

    async def erase(self, ref: str) -> list[str]:
        """Destroy the keys of a learner under all their references, say so on the log, and return the references."""
        refs = await self._everyone_who_is(ref)
        await self.vault.erase(self.caller.tenant, refs, self.now)
        await self.log.append([LearnerErased(**self._envelope(each, "erased")) for each in refs])
        return refs

    async def link(self, ref: str, other: str) -> LearnerLinked:
        """Let another learner go as this one from now on.

        Raises:
            FieldError: both are one reference.
            LinkRefused: one is erased, or they are linked in another way.
            PublishFailed: the log did not acknowledge in time.

        """
        known = await self._book.known({ref, other})
        into, was = standing(ref, known.get), standing(other, known.get)
        if ref == other:
            raise FieldError("other", "a learner is linked to another one; name two references")
        if into.erased or was.erased:
            raise LinkRefused("an erased learner is nobody any more, and cannot be linked")
        if into.learner_ref == other:
            raise LinkRefused(f"{ref} goes as {other} already: nothing is left to be done")
        if was.learner_ref not in {other, into.learner_ref}:
            raise LinkRefused(f"{other} goes as {was.learner_ref} already: link {was.learner_ref}, and {other} follows")
        envelope = self._envelope(other, "linked", into.learner_ref)
        event = LearnerLinked(**envelope | {"data": Link(into=into.learner_ref, by=self.caller.client_id)})
        await self.log.append([event])
        return event

    async def _everyone_who_is(self, ref: str) -> list[str]:
        """Return all references of a person."""
        found = {standing(ref, (await self._book.known({ref})).get).learner_ref, ref}
        left = list(found)
        while left and len(found) < _MOST_REFERENCES:
            fresh = {each.learner_ref for each in await self._book.linked_into(left.pop())} - found
            found |= fresh
            left.extend(fresh)
        return sorted(found)

    async def _has_enrolments(self, ref: str) -> bool:
        return bool(await Enrolments(self.reader, self.caller.tenant).of_learner(ref, None, None, "", 1))

    def _envelope(self, ref: str, what: str, *causes: str) -> dict[str, Any]:
        return {
            "id": derived_id(self.caller.tenant, ref, what, *causes),
            "source": SOURCE,
            "time": self.now,
            "tenant": self.caller.tenant,
            "traceparent": self.traceparent,
            "learner_ref": ref,
            "data": Asked(by=self.caller.client_id),
        }
