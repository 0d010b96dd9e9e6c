"""Moments at the ends of the calendar: a fault of the record, over either way in."""

import orjson
import pytest

from shared.contracts.topics import PLATFORM_EVENTS
from shared.contracts.wire import MalformedEvent, decode


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_has_no_name_in_utc_is_a_malformed_event(time: str) -> None:
    event = {
        "specversion": "1.0",
        "id": "r-1",
        "source": "lms",
        "type": "microcred.learner.registered.v1",
        "time": time,
        "tenant": "ou",
        "learnerref": "a1",
        "data": {"offering": "x"},
    }
    with pytest.raises(MalformedEvent) as refused:
        decode(PLATFORM_EVENTS, orjson.dumps(event))
    assert refused.value.field == "time"
