"""What goes wrong on a newcomer's machine is told in one line that ends with the cure."""

from pathlib import Path

import pytest

from deploy.local.errors import (
    ChecksumMismatch,
    DiskFull,
    FolderInUse,
    LocalError,
    MissingLibrary,
    MissingProgram,
    PortInUse,
    StartFailed,
)

FOLDER = Path("/srv/data")

EACH: list[tuple[LocalError, str, str]] = [
    (PortInUse(9092, "--kafka-port"), "9092", "--kafka-port"),
    (FolderInUse(FOLDER), "/srv/data", "--folder"),
    (DiskFull(FOLDER, free=12_000_000, wanted=500_000_000), "12 MB", "500 MB"),
    (MissingLibrary("mongod", ["libcurl.so.4"], ["libcurl4"]), "libcurl.so.4", "apt-get install libcurl4"),
    (MissingProgram("mvn", "apt-get install maven"), "mvn", "apt-get install maven"),
    (ChecksumMismatch(FOLDER / "a.jar", "is missing"), "a.jar", "delete /srv/data"),
    (StartFailed("kafka", "ended with status 1", "first\nsecond\n", FOLDER / "kafka.log"), "first second", "kafka.log"),
]


@pytest.mark.parametrize(("error", "fault", "cure"), EACH, ids=[type(case[0]).__name__ for case in EACH])
def test_one_line_names_the_fault_and_the_cure(error: LocalError, fault: str, cure: str) -> None:
    line = str(error)
    assert "\n" not in line
    assert fault in line
    assert cure in line
    assert line.endswith(error.cure)


def test_every_error_of_the_tree_is_covered() -> None:
    assert {type(case[0]) for case in EACH} == set(LocalError.__subclasses__())


def test_a_long_cause_is_cut_to_a_line_one_can_read() -> None:
    assert len(str(StartFailed("mongod", "ended", "x" * 10_000, FOLDER))) < 400
