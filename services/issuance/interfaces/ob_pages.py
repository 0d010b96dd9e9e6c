"""Pages of a learner's credentials, and the links between them. Pure. Source: Open Badges 3.0, section 6.2 (paging)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from services.issuance.domain import Credential
from services.issuance.wording import timestamp


@dataclass(frozen=True, slots=True)
class Page:
    """Which credentials are asked for: so many, after so many, issued after a moment."""

    limit: int
    offset: int
    since: datetime | None = None

    def all_of(self, credentials: Sequence[Credential]) -> list[Credential]:
        """Return those that were issued after the moment, on whatever page they stand."""
        return [one for one in credentials if self.since is None or one.valid_from > self.since]

    def links(self, url: str, total: int) -> str:
        """Return the Link header: first and last always, next and prev where there are such."""
        last = max(total - 1, 0) // self.limit * self.limit
        offsets = {"first": 0, "last": last}
        if self.offset + self.limit < total:
            offsets["next"] = self.offset + self.limit
        if self.offset > 0:
            offsets["prev"] = max(self.offset - self.limit, 0)
        return ", ".join(f'<{self._at(url, offset)}>; rel="{name}"' for name, offset in offsets.items())

    def _at(self, url: str, offset: int) -> str:
        since = {"since": timestamp(self.since)} if self.since else {}
        return f"{url}?{urlencode({'limit': self.limit, 'offset': offset, **since})}"
