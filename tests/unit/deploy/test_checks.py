"""What is looked at before a start, without starting anything."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import pytest

from deploy.local.checks import DISK_WANTED, check_disk, find_program
from deploy.local.errors import ChecksumMismatch, DiskFull, MissingProgram
from deploy.local.jars import check, expected
from deploy.local.java import major
from deploy.local.logs import cause
from deploy.local.mongod import PACKAGES, missing_libraries


class Disk(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_with_a_byte_too_few_is_full(tmp_path: Path) -> None:
    with pytest.raises(DiskFull, match="500 MB are wanted") as raised:
        check_disk(tmp_path, usage=lambda _: Disk(0, 0, DISK_WANTED - 1))
    assert str(tmp_path) in str(raised.value)


def test_a_disk_with_just_enough_will_do(tmp_path: Path) -> None:
    asked: list[Path] = []

    def usage(folder: Path) -> Disk:
        asked.append(folder)
        return Disk(0, 0, DISK_WANTED)

    check_disk(tmp_path, usage=usage)
    assert asked == [tmp_path]


def test_a_missing_program_names_its_package() -> None:
    with pytest.raises(MissingProgram, match="apt-get install surely"):
        find_program("surely-no-such-program", "apt-get install surely")


@pytest.fixture
def jars(tmp_path: Path) -> Path:
    (tmp_path / "a.jar").write_bytes(b"a")
    (tmp_path / "b.jar").write_bytes(b"b")
    return tmp_path


DIGESTS = {f"{name}.jar": hashlib.sha256(name.encode()).hexdigest() for name in "ab"}


def test_the_listed_jars_pass(jars: Path) -> None:
    check(jars, DIGESTS)
    with pytest.raises(ChecksumMismatch):  # and the check does look
        check(jars, {**DIGESTS, "b.jar": "0" * 64})


def test_a_changed_jar_is_refused(jars: Path) -> None:
    (jars / "a.jar").write_bytes(b"A")
    with pytest.raises(ChecksumMismatch, match=r"a\.jar is not the file listed"):
        check(jars, DIGESTS)


def test_a_jar_nobody_listed_is_refused(jars: Path) -> None:
    (jars / "evil.jar").touch()
    with pytest.raises(ChecksumMismatch, match=r"evil\.jar is not listed"):
        check(jars, DIGESTS)


def test_a_missing_jar_is_refused(jars: Path) -> None:
    (jars / "b.jar").unlink()
    with pytest.raises(ChecksumMismatch, match=r"b\.jar is missing"):
        check(jars, DIGESTS)


def test_the_committed_list_has_the_broker_and_its_logger() -> None:
    names = expected()
    assert {"kafka_2.13-4.4.0.jar", "log4j-slf4j-impl-2.25.5.jar"} <= names.keys()
    assert all(len(digest) == 64 for digest in names.values())


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_392"', 1),
        ('openjdk version "21" 2023-09-19', 21),
        ("command not understood", 0),
    ],
)
def test_java_tells_its_version(answer: str, wanted: int) -> None:
    assert major(answer) == wanted


def test_ldd_tells_what_is_missing() -> None:
    answer = (
        "\tlinux-vdso.so.1 (0x00007f)\n\tlibcurl.so.4 => not found\n"
        "\tlibm.so.6 => /lib/libm.so.6 (0x0)\n\tlibssl.so.3 => not found\n"
    )
    assert missing_libraries(answer) == ["libcurl.so.4", "libssl.so.3"]
    assert [PACKAGES[library] for library in missing_libraries(answer)] == ["libcurl4", "libssl3"]


@pytest.mark.parametrize(
    ("log", "wanted"),
    [
        ("", "its log is empty"),
        ("one\ntwo\n", "two"),
        ("Error: no such engine\nnote: read the manual\n", "Error: no such engine"),
        (
            '{"s":"E","msg":"Error setting up listener","attr":{"error":{"errmsg":"Address in use"}}}\n{"s":"I"}',
            "Error setting up listener Address in use",
        ),
        (
            '{"s":"F","msg":"DBException in initAndListen","attr":{"error":"NonExistentPath"}}\n',
            "DBException in initAndListen NonExistentPath",
        ),
    ],
)
def test_the_telling_line_of_a_log_is_found(log: str, wanted: str) -> None:
    assert cause(log) == wanted
