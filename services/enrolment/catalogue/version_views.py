"""How versions of an offering are shown."""

from datetime import datetime
from typing import Self

import orjson
from pydantic import BaseModel, Field

from services.enrolment.catalogue.offering_views import OfferingView
from services.enrolment.catalogue.versions import Content, Publication, Versions
from shared.contracts.envelope import Identifier
from shared.kit.moments import moment


class VersionSummary(BaseModel):
    """One publication; two with the same `content` say the same."""

    version: Identifier
    published_at: datetime
    policy_version: str
    content: str

    @classmethod
    def of(cls, publication: Publication, content: Content) -> Self:
        """Show a publication."""
        return cls(
            version=publication.event_id,
            published_at=moment(publication.time),
            policy_version=content.policy_version,
            content=publication.content,
        )


class VersionPage(BaseModel):
    """Publications, newest first; `next` is the cursor of the page after this one."""

    items: list[VersionSummary]
    next: str | None = None
    gone_until: datetime | None = Field(None, description="the newest publication that is not kept any more")

    @classmethod
    def of(cls, items: list[VersionSummary], following: str | None, versions: Versions) -> Self:
        """Show a page."""
        gone = None if versions.floor is None else moment(versions.floor[0])
        return cls(items=items, next=following, gone_until=gone)


class VersionView(OfferingView):
    """An offering as it was published once."""

    @classmethod
    def shown(cls, publication: Publication, content: Content) -> Self:
        """Show a version."""
        return cls.model_validate(
            {
                **orjson.loads(content.definition),
                "policy_version": content.policy_version,
                "event_id": publication.event_id,
                "published_at": moment(publication.time),
            }
        )
