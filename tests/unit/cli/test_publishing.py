"""Publishing goes on where it was interrupted, and writes down what it refuses."""

import json
from pathlib import Path

import pytest

from deploy.cli.errors import InputChanged
from deploy.cli.publishing.bookmark import Bookmark, BookmarkUnreadable, OtherTarget, Standing
from deploy.cli.publishing.json_lines import JsonLines
from deploy.cli.publishing.publish import BATCH, Refusals, Sender, Trail, publish
from tests.unit.cli.doubles import Collecting
from tests.unit.cli.test_reading_files import line

ROWS = 2 * BATCH + 500
TARGET = "http://localhost:8001 as demo"


class Desk:
    """A file of events, and publishing it."""

    def __init__(self, folder: Path, lines: list[bytes]) -> None:
        self.file = folder / "events.jsonl"
        self.file.write_bytes(b"".join(lines))
        self.trail = Trail(Bookmark(folder / "mark"), Refusals(folder / "refused"))

    def publish(self, sender: Sender, target: str = TARGET) -> Standing:
        source = JsonLines(self.file)
        return publish(source, sender, self.trail, self.trail.bookmark.resume(source, target))

    @property
    def refused(self) -> list[dict[str, object]]:
        return [json.loads(text) for text in self.trail.refusals.path.read_text().splitlines()]


def lines(number: int) -> list[bytes]:
    return [line(id=f"r-{index}") for index in range(number)]


def test_all_is_sent_in_order_in_batches(tmp_path: Path) -> None:
    sender = Collecting()

    done = Desk(tmp_path, lines(ROWS)).publish(sender)

    assert [event.id for event in sender.events] == [f"r-{index}" for index in range(ROWS)]
    assert (done.published, done.refused, sender.batches) == (ROWS, 0, 3)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lines(ROWS))
    with pytest.raises(ConnectionError):
        desk.publish(Collecting(breaks_at=1))
    sender = Collecting()

    done = desk.publish(sender)

    assert [event.id for event in sender.events] == [f"r-{index}" for index in range(BATCH, ROWS)]
    assert done.published == ROWS


def test_a_finished_file_sends_nothing_and_a_longer_one_its_end(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lines(10))
    desk.publish(Collecting())
    again, longer = Collecting(), Collecting()

    desk.publish(again)
    with desk.file.open("ab") as file:
        file.write(line(id="r-10"))
    desk.publish(longer)

    assert again.events == []
    assert [event.id for event in longer.events] == ["r-10"]


def test_a_file_that_changed_is_refused_until_restarted(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lines(10))
    desk.publish(Collecting())
    desk.file.write_bytes(b"".join(reversed(lines(10))))
    with pytest.raises(InputChanged, match="--restart"):
        desk.publish(Collecting())
    sender = Collecting()

    desk.trail.forget()
    desk.publish(sender)

    assert len(sender.events) == 10


def test_another_target_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lines(10))
    desk.publish(Collecting())

    with pytest.raises(OtherTarget, match="--restart"):
        desk.publish(Collecting(), "localhost:9092")


def test_a_bookmark_that_is_none_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lines(1))
    desk.trail.bookmark.path.write_text("no bookmark")

    with pytest.raises(BookmarkUnreadable, match="--restart"):
        desk.publish(Collecting())


def test_refusals_of_reader_and_receiver_are_written_with_line_field_and_reason(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [line(id="a"), b"{broken\n", line(id="b"), line(id="c", data={})])

    done = desk.publish(Collecting(refuses=["b"]))

    assert (done.published, done.refused) == (1, 3)
    assert [(each["line"], each["field"]) for each in desk.refused] == [(2, "event"), (3, "id"), (4, "data.offering")]
    assert all(each["reason"] for each in desk.refused)


def test_refusals_written_before_a_crash_are_not_written_twice(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [b"{broken\n", *lines(BATCH)])
    with pytest.raises(ConnectionError):
        desk.publish(Collecting(breaks_at=1))
    # As if the crash had come between the refusals of the second batch and its bookmark.
    with desk.trail.refusals.path.open("a") as file:
        file.write('{"line": 99, "field": "", "reason": "from the lost batch"}\n')

    desk.publish(Collecting())

    assert [each["line"] for each in desk.refused] == [1]
