"""Whether it was checked who holds a learner's account, and how long that holds: the latest word stands. Pure.

Most learners have no document of this kind. It makes no attempt count: a check of the account does not say who sat one.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, Self

from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import IdentityChecked
from shared.kit.bindings import Document, Folded, Model
from shared.kit.moments import microseconds, moment


class Check(NamedTuple):
    """One check, by its event; times in microseconds since 1970, `expires` None where it has no end."""

    time: int
    event_id: str
    verified: bool
    expires: int | None

    @property
    def until(self) -> datetime | None:
        """When it ends."""
        return None if self.expires is None else moment(self.expires)

    def holds(self, now: datetime) -> bool:
        """Tell whether somebody was verified, and still is."""
        return self.verified and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Identity:
    """The latest check of one learner's account, by time, then event id."""

    tenant: str
    learner_ref: str
    check: Check | None = None

    @classmethod
    def new(cls, key: str) -> Self:
        """Return a learner who was never checked; `key` is `tenant/learner_ref`."""
        tenant, learner_ref = key.split("/", 1)
        return cls(tenant, learner_ref)

    def checked(self, check: Check) -> Self:
        """Return the learner checked; the same object if this check, or a later one, is known."""
        return self if self.check is not None and check[:2] <= self.check[:2] else replace(self, check=check)


def identity_checked(before: Identity, event: IdentityChecked) -> Folded[Identity]:
    """Keep the latest check of an account."""
    data = event.data
    expires = None if data.expires is None else microseconds(data.expires)
    return Folded(before.checked(Check(microseconds(event.time), event.id, data.verified, expires)))


def account_key(event: LearnerEvent) -> str | None:
    """Return the `_id` of the learner whose account a check is about, or None for one that is about an attempt."""
    about_account = isinstance(event, IdentityChecked) and event.data.offering is None and event.data.component is None
    return f"{event.tenant}/{event.learner_ref}" if about_account else None


def _load(document: Document) -> Identity:
    return Identity(document["tenant"], document["learner_ref"], Check(*document["check"]))


def _dump(identity: Identity) -> Document:
    check = list(identity.check or ())
    return {"tenant": identity.tenant, "learner_ref": identity.learner_ref, "check": check}


IDENTITIES: Model[Identity] = Model("identities", Identity.new, _load, _dump)
