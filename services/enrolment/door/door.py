"""The door: what platforms send goes in here, whatever its format, and comes out as events on the log.

Payload, pure translation, vault, log: in that order, so that what was answered with success is on the log, and what
came too late for the log can be sent again without harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from services.enrolment.commands import Log
from services.enrolment.door.course_shelf import CourseShelf
from services.enrolment.door.courses import KnownCourses
from services.enrolment.door.identity import Identities
from services.enrolment.door.speaker import Speaker
from services.enrolment.door.translation import Noted, Refused, Sorted, sort_out
from services.enrolment.errors import FieldError
from services.enrolment.learners.store import Standings
from services.enrolment.platforms.door import Account, Sender
from services.enrolment.platforms.formats import Format
from services.enrolment.vault.box import Vault
from shared.contracts.envelope import LearnerEvent
from shared.contracts.fanout import StatementVoided

log = structlog.get_logger(__name__)
#: A name may only come to light when another is known (an activity within a course); more than that is no format.
_MOST_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a payload: the events and voids that the log has, what was refused, and what was cut off."""

    events: Sequence[LearnerEvent] = ()
    refused: Sequence[Refused] = field(default_factory=tuple)
    notes: Sequence[Noted] = field(default_factory=tuple)
    voids: Sequence[StatementVoided] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """Takes payloads in; one for a process."""

    identities: Identities
    shelf: CourseShelf
    standings: Standings
    vault: Vault
    log: Log

    async def take(self, items: Sequence[Any], format_: Format, speaker: Speaker, now: datetime) -> Taken:
        """Append what can be taken of these items to the log, and return when it is there.

        Raises:
            FieldError: the payload is about more than one request may be about.
            PublishFailed: the log did not acknowledge in time; sending the same again is harmless.
            StoreUnavailable: courses could not be looked up, or personal data not be kept; nothing was appended.

        """
        done = await self._translated(items, format_, speaker, now)
        refs = {event.learner_ref for event in done.events} | done.people.keys()
        done.move(await self.standings.of(speaker.tenant, refs))
        await self.vault.keep(speaker.tenant, done.people)
        await self.log.append(done.events)
        for note in done.notes:
            log.info("payload.noted", format=format_.name, tenant=speaker.tenant, field=note.field, reason=note.reason)
        return Taken(done.events, done.refused, done.notes)

    async def _translated(self, items: Sequence[Any], format_: Format, speaker: Speaker, now: datetime) -> Sorted:
        """Translate, look up all names that were missing at once, and translate again."""
        tenant = speaker.tenant
        courses = KnownCourses(speaker.platform, lambda name: self.shelf.recall(tenant, name))
        refs: dict[Account, str] = {}

        def learner_ref(account: Account) -> str:
            known = refs.get(account)
            if known is None:
                known = refs[account] = self.identities.learner_ref(tenant, account)
            return known

        sender = Sender(tenant, speaker.platform, courses, learner_ref, speaker.traceparent)
        for _ in range(_MOST_ROUNDS):
            done = sort_out(items, format_, sender, now)
            if not courses.missing:
                return done
            courses.learn(await self.shelf.look_up(tenant, courses.missing))
        raise FieldError("body", "its courses and activities are nested deeper than is looked up; send less at once")
