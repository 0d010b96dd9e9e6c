"""A table is looked at before it is published, and mended where a spreadsheet wrote it differently."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.cli.errors import UnreadableInput
from deploy.cli.publishing.bookmark import Bookmark
from deploy.cli.publishing.csv_file import CsvFile
from deploy.cli.publishing.preview import preview
from deploy.cli.publishing.publish import Refusals, Trail, publish
from shared.contracts.platform import ResultReported
from tests.unit.cli.doubles import Collecting
from tests.unit.cli.test_reading_files import NOW, event_of, fault_of

runner = CliRunner()
HEAD = "type;time;Student no.;offering;component;score;max_score;Remark"
ROW = "result;2025-03-01T09:00:00Z;a1;x;quiz;7,5;10;good"
MAP = {"Student no.": "learner_ref", "Remark": ""}
FLAGS = ("--map", "Student no.=learner_ref", "--map", "Remark=")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "marks.csv"
    path.write_bytes(
        "\r\n".join(("\ufeff" + HEAD, ROW, ROW, ROW.replace("7,5", "75"), ROW.replace("a1", "a2"), "")).encode()
    )
    return path


def test_semicolons_decimal_commas_and_mapped_names_are_understood(file: Path) -> None:
    one, same, refused, other = CsvFile(file, "demo", lambda: NOW, MAP).rows()
    event = event_of(one)
    assert isinstance(event, ResultReported)
    assert (event.data.score, event.data.max_score, event.learner_ref) == (7.5, 10, "a1")
    assert event.id == event_of(same).id != event_of(other).id
    assert (refused.line, fault_of(refused).field) == (4, "row")


def test_reading_goes_on_at_a_position(file: Path) -> None:
    rows = list(CsvFile(file, "demo", lambda: NOW, MAP).rows())
    for number, row in enumerate(rows, start=1):
        rest = list(CsvFile(file, "demo", lambda: NOW, MAP).rows(row.after))
        assert [(each.line, each.content) for each in rest] == [(each.line, each.content) for each in rows[number:]]


def test_an_interrupted_table_goes_on_with_its_refusals(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = [
        ROW.replace("a1", f"a{number}").replace("7,5", "75" if number % 1_000 == 7 else "7,5")
        for number in range(2_500)
    ]
    path.write_text("\n".join((HEAD, *rows, "")))
    trail = Trail(Bookmark(tmp_path / "mark"), Refusals(tmp_path / "refused"))

    def run(sender: Collecting) -> int:
        source = CsvFile(path, "demo", lambda: NOW, MAP)
        return publish(source, sender, trail, trail.bookmark.resume(source, "there")).published

    with pytest.raises(ConnectionError):
        run(Collecting(breaks_at=1))
    assert run(Collecting()) == 2_497
    refused = [json.loads(text) for text in trail.refusals.path.read_text().splitlines()]
    assert [(each["line"], each["field"]) for each in refused] == [(9, "row"), (1_009, "row"), (2_009, "row")]


def test_a_preview_counts_and_shows_and_leaves_nothing_behind(file: Path) -> None:
    shown = runner.invoke(app, ["publish", str(file), "--preview", "--token", "", *FLAGS])
    assert shown.exit_code == 1
    assert "3 microcred.result.reported.v1" in shown.stdout
    assert "1 rows say an id again" in shown.stdout
    assert "line 4: row: " in shown.stderr
    assert [each.name for each in file.parent.iterdir()] == ["marks.csv"]


def test_a_preview_of_a_good_file_ends_well(file: Path) -> None:
    file.write_text(f"{HEAD}\n{ROW}\n")
    assert runner.invoke(app, ["publish", str(file), "--preview", *FLAGS]).exit_code == 0


def test_a_preview_is_what_publishing_does(file: Path, tmp_path: Path) -> None:
    source = CsvFile(file, "demo", lambda: NOW, MAP)
    seen, sender = preview(source), Collecting()
    trail = Trail(Bookmark(tmp_path / "mark"), Refusals(tmp_path / "refused"))
    done = publish(source, sender, trail, trail.bookmark.resume(source, "there"))
    assert (seen.types.total(), seen.refused) == (done.published, done.refused)


@pytest.mark.parametrize(
    ("content", "flags", "why"),
    [
        (f"{HEAD}\n{ROW}\n", (), "Student no."),
        (f"{HEAD}\n{ROW}\n", ("--map", "nonsense"), "NAME=COLUMN"),
        (f"{HEAD}\n{ROW}\n", ("--map", "Nobody=time"), "Nobody"),
        (f"{HEAD}\n{ROW}\n", ("--format", "jsonl", *FLAGS), "no columns"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_its_cure(
    file: Path, content: str, flags: tuple[str, ...], why: str
) -> None:
    file.write_text(content)
    shown = runner.invoke(app, ["publish", str(file), "--preview", *flags])
    assert shown.exit_code == 1
    assert why in shown.stderr
    assert "Traceback" not in shown.output


def test_a_table_in_utf_16_is_told(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_text(f"{HEAD}\n{ROW}\n", encoding="utf-16")
    with pytest.raises(UnreadableInput, match="UTF-8"):
        list(CsvFile(path, "demo", mapping=MAP).rows())
