"""What analytics keeps of an offering: its title."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OfferingTitle:
    """An offering's title, and when and by which event it was given."""

    tenant: str
    offering: str
    title: str = ""
    given: tuple[datetime, str] | None = None

    def titled(self, title: str, moment: datetime, event_id: str) -> "OfferingTitle":
        """Take the title of the latest publication; an earlier one changes nothing."""
        given = (moment, event_id)
        if self.given is not None and self.given >= given:
            return self
        return replace(self, title=title, given=given)
