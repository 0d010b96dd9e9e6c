"""A catalogue that somebody compacted: the policies of earlier learners are gone, and no rebuild regrades them."""

import asyncio
from decimal import Decimal

import pytest
from confluent_kafka.admin import NewTopic

from services.assessment.stream import worker
from shared.contracts.achievement import Achievement
from shared.contracts.enrolment import Enrolment, LearnerEnrolled, Offering, OfferingPublished
from shared.contracts.envelope import Event, utc
from shared.contracts.platform import Result, ResultReported
from shared.contracts.policy import Component, Policy
from shared.contracts.profile import Issuer
from shared.contracts.topics import CATALOGUE
from shared.kit.generations import Generations
from shared.testing.topic_reader import read_topic
from tests.integration.kit.rebuilding import Told, rebuild
from tests.integration.kit.rig import Rig, until

TOPICS = [topic.name for topic in worker.topics if topic is not CATALOGUE] + [
    "assessed",
    "passed",
    "assessment.dead-letters",
]
AT = {"source": "test", "time": utc("2026-01-01T00:00:00Z"), "tenant": "ou"}
#: As small as it goes: a segment is closed after 100 ms, and cleaned as soon as it can be.
COMPACTED = {
    "cleanup.policy": "compact",
    "segment.ms": "100",
    "min.cleanable.dirty.ratio": "0.001",
    "max.compaction.lag.ms": "200",
    "delete.retention.ms": "100",
}


def published(number: int, pass_mark: int, offering: str = "o") -> OfferingPublished:
    return OfferingPublished(
        **{**AT, "time": utc(f"2026-01-01T00:00:{number:02}Z")},
        id=f"p{offering}{number}",
        data=Offering(
            offering=offering,
            achievement=Achievement(name="Sums", description="Adds.", criteria="Half."),
            issuer=Issuer(name="School"),
            policy=Policy(components=(Component(id="c", weight=Decimal(1)),), pass_mark=Decimal(pass_mark)),
        ),
    )


def started(learner: str, after: int) -> list[Event]:
    """A learner who enrols after the publication of this number, and scores 55 of 100."""
    time = utc(f"2026-01-01T00:00:{after:02}.5Z")
    result = Result(offering="o", component="c", score=55, max_score=100)
    return [
        LearnerEnrolled(
            **{**AT, "time": time},
            id=f"e-{learner}",
            learner_ref=learner,
            data=Enrolment(offering="o", registration_id=f"r-{learner}"),
        ),
        ResultReported(**AT, id=f"s-{learner}", learner_ref=learner, data=result),
    ]


async def lived(rig: Rig, live: Generations) -> None:
    """One learner starts under a pass mark of 50, the other under 60; a third policy comes after both."""
    await rig.start(rig.engine(worker, store=live))
    for number, mark in enumerate((50, 60, 70)):
        await rig.publisher.publish([published(number, mark)])
        await until(lambda mark=mark: _has(rig, f"{mark}"), 10, "the policy was not folded")  # type: ignore[misc]
        if mark < 70:
            await rig.publisher.publish(started(f"under-{mark}", number))
            await until(lambda mark=mark: _graded(rig, f"under-{mark}"), 10, "nothing was graded")  # type: ignore[misc]


async def _has(rig: Rig, mark: str) -> bool:
    found = await rig.store.get("offerings", "ou/o")
    return found is not None and f'["{mark}"' in str(found["policies"])


async def _graded(rig: Rig, learner: str) -> bool:
    found = await rig.store.get("progress", f"ou/{learner}/o")
    return bool(found and found["policy_version"] and found["attempts"])


async def test_a_catalogue_that_is_kept_whole_gives_every_learner_the_policy_they_started_under(
    bootstrap: str, mongo_url: str, fresh_name: str
) -> None:
    async with Rig(bootstrap, mongo_url, fresh_name, [*TOPICS, CATALOGUE.name]) as rig:
        live = Generations(rig.store)
        await lived(rig, live)
        told = Told()
        assert await rebuild(rig, told, worker) == 0
        assert told.parity["progress"] == (2, 0, 0, 0)
        grades = {each["_id"]: each["passed"] for each in await rig.store.find("progress.2", {})}
        assert grades == {"ou/under-50/o": True, "ou/under-60/o": False}


async def test_a_compacted_catalogue_is_noticed_and_nobody_is_regraded(
    bootstrap: str, mongo_url: str, fresh_name: str, *, embedded: bool
) -> None:
    if embedded:
        pytest.skip("the embedded broker keeps its log in memory and does not compact")
    async with Rig(bootstrap, mongo_url, fresh_name, TOPICS) as rig:
        topic = NewTopic(rig.prefix + CATALOGUE.name, 4, 1, config=COMPACTED)
        await asyncio.to_thread(rig.admin.create_topics([topic])[topic.topic].result, 15)
        live = Generations(rig.store)
        await lived(rig, live)
        assert rig.topics.forgetful([CATALOGUE.name]) == {
            CATALOGUE.name: "it is compacted, and min.compaction.lag.ms is 0"
        }
        number = 3
        while len(_of_o(rig)) > 1:  # until the broker has taken the first two away
            await rig.publisher.publish([published(number % 60, 50, f"other-{number % 7}")])
            number += 1
            await asyncio.sleep(0.3)
            assert number < 250, "the broker did not compact"
        told = Told()

        assert await rebuild(rig, told, worker) == 3
        assert told.parity["progress"] == (0, 0, 0, 2)
        assert (await rig.store.get("ledger", "generation") or {})["current"] == {}
        assert (await live.get("progress", "ou/under-50/o") or {})["passed"] is True
        rig.admin.delete_topics([topic.topic])


def _of_o(rig: Rig) -> list[bytes]:
    stored = read_topic(rig.bootstrap, rig.prefix + CATALOGUE.name)
    return [each.value for each in stored if each.value and each.key == b"ou/o"]
