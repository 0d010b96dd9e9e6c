"""The records that the bench of Avro sends are those of Open edX, and each becomes one event of its own."""

from itertools import islice
from pathlib import Path

from bench.avro_topic import SIGNALS, AvroTruth, records
from shared.kit.secret import ensure_secret
from shared.testing.openedx import record


def test_each_record_is_one_event_of_its_own(tmp_path: Path):
    truth = AvroTruth("avro.", ensure_secret(tmp_path / "secret"))
    truth.take(list(records(300, learners=7)))
    assert len(truth.said["platform.events"]) == 300


def test_their_bytes_are_those_that_the_classes_write():
    for name, made in zip(SIGNALS, islice(records(3, learners=1), 3), strict=True):
        real = record(name, user=1)
        assert made.value == real.value
        assert {key for key, _ in made.headers} == {key for key, _ in real.headers}
