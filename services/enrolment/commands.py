"""What clients change: it is appended to the log, and answered when the log has it. Only workers write documents."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from services.enrolment.catalogue.offering_views import Definition
from services.enrolment.door.translation import Refused
from services.enrolment.errors import NameTaken, OtherOffering
from services.enrolment.handlers import SOURCE
from services.enrolment.store import Offerings
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import Event, derived_id
from shared.kit.auth import Caller
from shared.kit.errors import PublishFailed
from shared.kit.moments import microseconds
from shared.kit.problem import Problem
from shared.kit.producer import Publisher

log = structlog.get_logger(__name__)
#: What stands below an offering's address and is no offering.
_BELOW = ("/versions", "/elm")


@dataclass(frozen=True, slots=True)
class Log:
    """The log's writing end, as far as a client's patience goes; `patience_s` in seconds."""

    publisher: Publisher
    patience_s: float

    async def append(self, events: Sequence[Event]) -> None:
        """Return when the log has all of them.

        Raises:
            PublishFailed: it did not acknowledge them in time; sending the same ids again is harmless.

        """
        try:
            async with asyncio.timeout(self.patience_s):
                await self.publisher.publish(events)
        except TimeoutError as error:
            raise PublishFailed(f"no acknowledgement within {self.patience_s:g} s") from error
        if events:
            log.info("events.appended", count=len(events), first=events[0].id, last=events[-1].id)
            log.debug("events.appended", ids=[event.id for event in events])


def publication(
    offering: str, definition: Definition, *, caller: Caller, now: datetime, traceparent: str | None = None
) -> OfferingPublished:
    """Return the event that publishes an offering; the same content at the same time has the same id.

    Raises:
        OtherOffering: the definition names another one.
        NameTaken: it is named like what stands below an offering.

    """
    if offering.endswith(_BELOW) or "/versions/" in offering:
        raise NameTaken(offering)
    if definition.offering not in {None, offering}:
        raise OtherOffering(str(definition.offering), offering)
    data = definition.named(offering)
    content = hashlib.sha256(data.model_dump_json().encode()).hexdigest()
    return OfferingPublished(
        id=derived_id(caller.tenant, offering, content, now.isoformat()),
        source=SOURCE,
        time=now,
        tenant=caller.tenant,
        platform=caller.platform,
        traceparent=traceparent,
        data=data,
    )


def visible(offerings: Offerings, event: OfferingPublished) -> Callable[[], Awaitable[bool]]:
    """Return what tells whether the read model has this publication, or a later one."""

    async def holds() -> bool:
        known = await offerings.get(event.data.offering)
        return known is not None and known.is_at(microseconds(event.time), event.id)

    return holds


def nothing_taken(refused: Sequence[Refused]) -> Problem:
    """Return the answer to a batch of which no event could be taken."""
    detail = f"none of the {len(refused)} events was accepted; refused says why of each"
    return Problem(422, detail=detail, refused=[each.shown() for each in refused])
