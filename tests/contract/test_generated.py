"""What is committed is what the models say; what is not is named, with the command that mends it."""

import shutil
from pathlib import Path

import pytest

from shared.contracts.generate import COMMAND, END, START, generated, main, with_topics
from shared.contracts.topics import TOPICS
from tests.contract.validating import CONTRACTS

PASSED = "schemas/microcred.learner.passed.v1.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what is committed."""
    for name in ("README.md", "asyncapi.json"):
        shutil.copy(CONTRACTS / name, tmp_path)
    shutil.copytree(CONTRACTS / "schemas", tmp_path / "schemas")
    return tmp_path


def test_the_committed_files_are_what_the_models_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_generating_twice_gives_the_same_bytes() -> None:
    assert generated() == generated()


@pytest.mark.parametrize("name", ["README.md", "asyncapi.json", PASSED])
def test_drift_is_refused_by_name_with_the_command(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / name
    file.write_text(file.read_text(encoding="utf-8").replace("learner", "student"), encoding="utf-8")

    assert main(["--check"], folder) == 1

    assert capsys.readouterr().err == f"not as the models say: {name}; run `{COMMAND}` and commit what it writes\n"


@pytest.mark.parametrize("there", [True, False], ids=["surplus", "missing"])
def test_a_file_too_many_or_too_few_is_drift(there: bool, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: FBT001 - a parameter of pytest's
    name = "schemas/microcred.learner.vanished.v1.json" if there else PASSED
    (folder / name).write_text("{}") if there else (folder / name).unlink()

    assert main(["--check"], folder) == 1
    assert name in capsys.readouterr().err


def test_generating_mends_the_drift(folder: Path) -> None:
    (folder / PASSED).unlink()
    (folder / "schemas" / "microcred.learner.vanished.v1.json").write_text("{}")

    assert main([], folder) == 0
    assert main(["--check"], folder) == 0


def test_checking_writes_nothing(folder: Path) -> None:
    (folder / PASSED).unlink()

    main(["--check"], folder)

    assert not (folder / PASSED).exists()


def test_the_table_names_every_topic_and_leaves_the_page_around_it_alone() -> None:
    page = with_topics(f"before\n{START}\nold\n{END}\nafter\n")

    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "old" not in page
    assert all(f"`{topic.name}`" in page for topic in TOPICS)


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="markers are missing"):
        with_topics("no table here")
