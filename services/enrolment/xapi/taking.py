"""The one way of checked statements onto the log, whoever brings them: what they say, and then what they void."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from fastapi import FastAPI

from services.enrolment.door.door import Taken
from services.enrolment.door.opening import door_of, log_of
from services.enrolment.door.speaker import Speaker
from services.enrolment.platforms.xapi.statement import Statement
from services.enrolment.xapi.statements import XAPI, voidings, whole_statements


async def take_statements(app: FastAPI, speaker: Speaker, now: datetime, given: Sequence[Statement]) -> Taken:
    """Append what whole statements say and what they void, and return when both are on the log.

    Raises:
        EventFromFuture: something is voided later than `now`; then nothing is appended.
        PublishFailed: the log did not acknowledge in time; sending the same again is harmless.
        StoreUnavailable: courses could not be looked up, or personal data not be kept; nothing was appended.

    """
    voids = voidings(given, speaker, now)
    taken = await door_of(app).take(given, XAPI, speaker, now)
    await log_of(app).append(voids)
    return replace(taken, voids=voids)


async def take_body(app: FastAPI, speaker: Speaker, now: datetime, body: bytes) -> Taken:
    """Take a statement, or a batch of up to 1,000, from a body; raises as both of its parts do."""
    given, _ = whole_statements(body, speaker, now)
    return await take_statements(app, speaker, now, given)
