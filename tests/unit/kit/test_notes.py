"""What an operator reads about records that could not be taken."""

from structlog.testing import capture_logs

from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.chunk import commit
from shared.kit.ledger import Batch, Record
from shared.kit.notes import note
from shared.testing.counting import counting_worker, numbered_result
from shared.testing.memory import MemoryStore


async def test_a_refused_record_is_told_with_its_place_and_the_reason():
    good = numbered_result("ada", 1).encode()
    records = [Record(7, 1_900_000_000_000, b"k", good), Record(8, 1_900_000_000_000, b"k", b"{")]
    committed = await commit(counting_worker(), [Batch(PLATFORM_EVENTS.name, "id", 3, 0, records)], MemoryStore())
    with capture_logs() as logs:
        note(committed)
    (told,) = [each for each in logs if each["log_level"] == "warning"]
    assert (told["topic"], told["partition"], told["offset"]) == ("platform.events", "3", "8")
    assert (told["error"], told["event"]) == ("MalformedEvent", "record.refused")
    assert "Invalid JSON" in told["reason"]


async def test_every_event_can_be_found_by_its_id():
    records = [Record(0, 1_900_000_000_000, b"k", numbered_result("ada", 1).encode())]
    committed = await commit(counting_worker(), [Batch(PLATFORM_EVENTS.name, "id", 0, 0, records)], MemoryStore())
    assert committed.ids == ("ada-1",)
