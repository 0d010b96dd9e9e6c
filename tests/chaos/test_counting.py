"""kill -9 the worker that counts twice what it folds twice, at moments drawn by a seed: it counts each event once."""

import random
from collections import Counter

import pytest

from shared.contracts.topics import PASSED
from shared.testing.counting import SAYS_EVERY, numbered_result
from shared.testing.topic_reader import read_topic
from tests.chaos.ground import Ground
from tests.chaos.oracle import documents_of

EVENTS = 20_000
LEARNERS = 400
SEED = 20_261_124


@pytest.mark.timeout(120)
def test_each_event_counts_once_in_order_and_each_output_is_said_with_one_content(ground: Ground):
    kills_at = sorted(random.Random(SEED).uniform(0.05, 0.85) for _ in range(3))
    ground.publish([numbered_result(f"learner-{n % LEARNERS}", n // LEARNERS) for n in range(EVENTS)])
    ground.fold_with_kills("counting", 0, EVENTS, kills_at)
    counts = documents_of(ground.servers.mongo_url, ground.database("counting"))["counts"]
    each = EVENTS // LEARNERS
    assert {(count["events"], count["disorder"]) for count in counts.values()} == {(each, 0)}
    assert len(counts) == LEARNERS
    expected = EVENTS // SAYS_EVERY
    said = read_topic(ground.servers.bootstrap, ground.prefix + PASSED.name, at_least=expected)
    contents = Counter(value for _, value in {(one.key, one.value) for one in said})
    assert len(contents) == expected, "an output is missing, or one id has two contents"
