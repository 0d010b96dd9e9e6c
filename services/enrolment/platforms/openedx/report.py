"""One Open edX signal on its way to canonical events: what they take over from it. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from services.enrolment.platforms.door import Account, Sender
from services.enrolment.platforms.openedx.envelope import Envelope
from services.enrolment.platforms.openedx.payload import whole_number
from shared.contracts.envelope import derived_id


class Report(NamedTuple):
    """One signal on its way: its attributes, its payload, and for whom it speaks."""

    envelope: Envelope
    payload: Mapping[str, Any]
    sender: Sender
    home: str

    def learner(self, path: str) -> "Learner":
        """Return the account whose number stands at this path, and who that is to us."""
        number = whole_number(self.payload, path)
        return Learner(number, self.sender.learner_ref(Account(self.home, str(number))))

    def attributes(self, learner: "Learner", *fact: object) -> dict[str, Any]:
        """Return the envelope of what follows from it; `fact` says what about this learner, beside the time."""
        sender, when = self.sender, self.envelope.time
        return {
            "id": derived_id(sender.tenant, sender.platform, self.home, learner.number, when.isoformat(), *fact),
            "source": self.envelope.source,
            "time": when,
            "tenant": sender.tenant,
            "platform": sender.platform,
            "traceparent": sender.traceparent or self.envelope.traceparent,
            "learner_ref": learner.ref,
        }


class Learner(NamedTuple):
    """An account's number on the platform, and who that is to us."""

    number: int
    ref: str
