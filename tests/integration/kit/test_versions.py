"""An event in a major version that is not known yet: laid aside with what to upgrade, and nothing else is lost."""

import json

from shared.contracts.topics import PLATFORM_EVENTS, dead_letters_of
from shared.contracts.wire import HEADERS
from shared.kit.ledger import Saying
from shared.testing.counting import numbered_result
from shared.testing.topic_reader import read_topic
from tests.integration.kit.rig import Rig, until

LEARNER = "learner-1"
REASON = (
    "type: microcred.result.reported came in v2 and is known here in v1 only: "
    "upgrade this service to a newer release of microcred, one that knows v2"
)


def in_version_2(number: int) -> bytes:
    event = json.loads(numbered_result(LEARNER, number).encode())
    return json.dumps({**event, "type": "microcred.result.reported.v2", "data": {"marks": [number]}}).encode()


async def test_an_unknown_major_version_is_a_dead_letter_that_says_what_to_upgrade(rig: Rig) -> None:
    values = [in_version_2(n) if n == 5 else numbered_result(LEARNER, n).encode() for n in range(12)]
    await rig.publisher.say([Saying(PLATFORM_EVENTS.name, LEARNER.encode(), value, HEADERS) for value in values])

    async def read_up() -> bool:
        return sum((await rig.ledger()).values()) == len(values)

    async with rig.running():
        await until(read_up, 20, "the ledger did not pass all that was published")

    assert await rig.counted() == (5, 0)
    (letter,) = read_topic(rig.bootstrap, rig.prefix + dead_letters_of("assessment"), at_least=1)
    assert (letter.key, letter.value) == (LEARNER.encode(), in_version_2(5))
    told = dict(letter.headers)
    assert (told["dlq-error"], told["dlq-reason"].decode()) == (b"UnknownVersion", REASON)
    assert (told["dlq-topic"], told["dlq-offset"]) == (b"platform.events", b"5")
    waiting = await rig.store.find("parked_records", {})
    assert [each["value"] for each in sorted(waiting, key=lambda each: each["offset"])] == values[6:]
