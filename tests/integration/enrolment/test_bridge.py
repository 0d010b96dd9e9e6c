"""The bridge on a real broker and a real database: a platform's topic in, canonical events and sealed letters out."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.contracts.topics import PLATFORM_EVENTS, dead_letters_of
from shared.contracts.wire import decode
from shared.kit.errors import LogReplaced
from shared.kit.ledger import LEDGER
from shared.kit.letter_desk import LetterDesk, Wanted
from shared.kit.store import Unit
from shared.testing.openedx import record
from shared.testing.topic_reader import read_topic
from tests.integration.enrolment.bridging import Bridged
from tests.integration.kit.rig import until
from tests.unit.enrolment.bus import with_header

LATE = "course-v1:OpenU+LATE+2026_T1"
NAMES = ("course.enrollment.created.v1", "course.persistent_grade_summary.changed.v1", "idv_attempt.approved.v1")


@pytest.fixture
async def site(bootstrap: str, mongo_url: str, fresh_name: str, tmp_path: Path) -> AsyncIterator[Bridged]:
    async with Bridged(bootstrap, mongo_url, fresh_name, tmp_path) as made:
        yield made


async def passed(site: Bridged, records: int) -> None:
    async def has() -> bool:
        return await site.taken() >= records

    await until(has, 30, f"the bridge did not take {records} records")


async def test_what_stands_on_a_platforms_topic_is_said_once_over_two_lives_of_the_bridge(site: Bridged):
    first = [record(name, user=user, ce_id=f"{name}/{user}") for user in range(1, 21) for name in NAMES]
    bad = [
        with_header(record(NAMES[0], user=99), "ce_time"),
        with_header(record(NAMES[0], user=99), "ce_id", b"a", b"a"),
    ]
    sent = site.send([*first, *bad])
    async with site.running(site.worker()):
        await passed(site, sent)
    more = site.send(record(NAMES[0], user=user) for user in range(21, 26))
    async with site.running(site.worker()):
        await passed(site, sent + more)
    log = await site.said(PLATFORM_EVENTS.name, 65)
    events = {event.id: event for event in (decode(PLATFORM_EVENTS, each.value, each.headers) for each in log)}
    assert len(events) == 65
    assert {(event.tenant, event.platform) for event in events.values()} == {("ou", "openedx")}
    assert all(each.key == events[decode(PLATFORM_EVENTS, each.value).id].key.encode() for each in log)
    letters = await site.said(dead_letters_of("enrolment"), 2)
    reasons = {dict(each.headers)["dlq-reason"].partition(b":")[0] for each in letters}
    assert reasons == {b"ce_time", b"ce_id"}
    whole_log = b"".join(
        (each.value or b"") + (each.key or b"") + repr(each.headers).encode() for each in (*log, *letters)
    )
    assert b"aroha" not in whole_log.lower(), "a name is on a topic of ours"


async def test_an_offering_that_comes_late_is_cured_by_a_redrive(site: Bridged):
    site.send([record(NAMES[0], course=LATE)])
    desk = LetterDesk("enrolment", site.store, site.publisher)
    async with site.running(site.worker()):
        await passed(site, 1)
        (shown,) = await desk.find(Wanted())
        assert (shown.letter.error, shown.letter.topic, shown.letter.sealed) == ("CourseUnknown", site.theirs, True)
        await site.offer("late", LATE)
        assert await desk.decide("redrive", [shown.letter.id], by="operator", why="published") == {}

        async def settled() -> bool:
            again = await desk.get(shown.letter.id)
            return again is not None and again.letter.status == "redriven"

        await until(settled, 30, "the letter was not redriven")
    (said,) = await site.said(PLATFORM_EVENTS.name, 1)
    event = decode(PLATFORM_EVENTS, said.value, said.headers)
    assert event.data.offering == "late"
    assert len(await site.said(dead_letters_of("enrolment"), 1)) == 1
    theirs = await asyncio.to_thread(read_topic, site.bootstrap, site.theirs, at_least=1)
    assert len(theirs) == 1, "something of ours was written onto the platform's topic"


async def pretend_another(unit: Unit, topic: str) -> None:
    """Lay down a position on a topic of the same name and another id."""
    await unit.write(LEDGER, [{"_id": "another/9", "topic": topic, "partition": 9, "next": 7, "says": b""}], ())


async def test_a_platforms_topic_that_was_made_again_is_refused_with_a_cure_for_it(site: Bridged):
    site.send([record(NAMES[0])])
    async with site.running(site.worker()):
        await passed(site, 1)
    engine = site.engine(site.worker())
    await site.store.transact(lambda unit: pretend_another(unit, site.theirs))
    with pytest.raises(LogReplaced, match="let its platform send again what is missing"):
        await engine.start()
    await engine.stop()
