"""What every publisher promises: Kafka and the in-memory twin pass the same tests; and what a dead broker does."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

import pytest

from shared.contracts.wire import CONTENT_TYPE
from shared.kit.errors import PublishFailed
from shared.kit.ledger import Saying
from shared.kit.producer import KafkaPublisher, Publisher
from shared.kit.topics_admin import TopicsAdmin
from shared.testing.counting import numbered_result, unheard
from shared.testing.memory import MemoryPublisher
from shared.testing.topic_reader import read_topic

TOPIC = "platform.events"


class Case(NamedTuple):
    """A publisher, and a look at what stands on a topic: (key, value, headers) in the order of each key."""

    publisher: Publisher
    stored: Callable[[str, int], list[tuple[bytes | None, bytes | None, tuple[tuple[str, bytes], ...]]]]


@pytest.fixture(params=["kafka", "memory"])
async def case(request: pytest.FixtureRequest, fresh_name: str) -> AsyncIterator[Case]:
    if request.param == "memory":
        memory = MemoryPublisher()
        yield Case(
            memory,
            lambda topic, _: [(each.key, each.value, each.headers) for each in memory.log if each.topic == topic],
        )
        return
    bootstrap, prefix = request.getfixturevalue("bootstrap"), f"{fresh_name}."
    TopicsAdmin(bootstrap, prefix=prefix).create()
    kafka = KafkaPublisher(bootstrap, topic_prefix=prefix, patience_s=20)

    def stored(topic: str, at_least: int) -> list[Any]:
        return [(e.key, e.value, e.headers) for e in read_topic(bootstrap, prefix + topic, at_least=at_least)]

    yield Case(kafka, stored)
    await kafka.close()


async def test_events_of_a_key_stay_in_order_and_none_is_missing(case):
    events = [numbered_result(f"learner-{number % 7}", number) for number in range(5_000)]
    await case.publisher.publish(events)
    stored = case.stored(TOPIC, 5_000)
    for learner in {event.learner_ref for event in events}:
        mine = [value for key, value, _ in stored if key == learner.encode()]
        assert mine == [event.encode() for event in events if event.learner_ref == learner]
    assert len(stored) == 5_000


async def test_callers_that_overlap_each_return_when_their_own_events_are_there(case):
    calls = [[numbered_result(f"learner-{call}", number) for number in range(50)] for call in range(20)]
    await asyncio.gather(*(case.publisher.publish(events) for events in calls))
    assert len(case.stored(TOPIC, 1_000)) == 1_000


async def test_each_event_goes_to_its_topic_with_the_content_type_of_cloudevents(case):
    await case.publisher.publish([unheard("a")])
    assert case.stored(TOPIC, 1) == [(b"a", unheard("a").encode(), (("content-type", CONTENT_TYPE),))]


async def test_a_saying_is_appended_as_it_is(case):
    saying = Saying("assessment.dead-letters", b"\xff", b"", (("dlq-reason", b"a"), ("dlq-reason", b"\x00\xff")))
    keyless = Saying("assessment.dead-letters", None, b"bytes", ())
    await case.publisher.say([saying, keyless])
    stored = case.stored("assessment.dead-letters", 2)
    assert sorted(stored, key=str) == sorted(
        [(saying.key, saying.value, saying.headers), (None, b"bytes", ())], key=str
    )


async def test_nothing_to_publish_is_done_at_once(case):
    await asyncio.wait_for(case.publisher.publish([]), 0.5)
    await asyncio.wait_for(case.publisher.say([]), 0.5)


async def test_the_partitions_are_those_of_the_java_client(bootstrap, fresh_name):
    """Murmur2 as in org.apache.kafka.common.utils.Utils: `21` and `foobar` have published hashes."""
    TopicsAdmin(bootstrap, prefix=f"{fresh_name}.").create()
    publisher = KafkaPublisher(bootstrap, topic_prefix=f"{fresh_name}.")
    await publisher.say([Saying(TOPIC, key, b"x", ()) for key in (b"21", b"foobar")])
    await publisher.close()
    stored = read_topic(bootstrap, f"{fresh_name}.{TOPIC}", at_least=2)
    hashes = {b"21": -973932308, b"foobar": -790332482}
    assert {each.key: each.partition for each in stored} == {
        key: (murmur & 0x7FFFFFFF) % 12 for key, murmur in hashes.items()
    }


@pytest.fixture
def silent_port():
    """A port where nobody answers: bound, never listened on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


async def test_a_dead_broker_is_publish_failed_within_the_patience(silent_port):
    publisher = KafkaPublisher(f"127.0.0.1:{silent_port}", patience_s=1.5)
    started = time.monotonic()
    with pytest.raises(PublishFailed, match=r"platform\.events"):
        await publisher.publish([numbered_result("a", 1), numbered_result("b", 1)])
    assert time.monotonic() - started < 5
    await asyncio.wait_for(publisher.close(), 5)


async def test_a_topic_that_is_not_there_is_publish_failed_or_made_where_the_broker_makes_topics(
    bootstrap, fresh_name, embedded
):
    publisher = KafkaPublisher(bootstrap, topic_prefix=f"{fresh_name}.", patience_s=3)
    if embedded:  # this broker makes a topic when a record comes for it, and has no setting against that
        await publisher.publish([numbered_result("a", 1)])
        assert len(read_topic(bootstrap, f"{fresh_name}.{TOPIC}", at_least=1)) == 1
    else:
        with pytest.raises(PublishFailed, match=r"platform\.events"):
            await publisher.publish([numbered_result("a", 1)])
    await publisher.close()
