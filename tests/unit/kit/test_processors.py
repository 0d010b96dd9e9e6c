"""How many processes fold: as many as there are processors for, as the container has them, and as the operator says."""

import os
from pathlib import Path

import pytest

from shared.kit.processors import processors
from shared.kit.settings import ServiceSettings

ALLOWED = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("max 100000\n", ALLOWED),
        ("100000 100000\n", 1),
        ("150000 100000\n", 1),
        ("50000 100000\n", 1),
        ("6400000 100000\n", min(ALLOWED, 64)),
        ("nonsense", ALLOWED),
    ],
)
def test_the_share_of_a_container_counts(quota: str, expected: int, tmp_path: Path) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    assert processors(file) == expected


def test_without_a_quota_it_is_what_the_process_is_let_on_to(tmp_path: Path) -> None:
    assert processors(tmp_path / "missing") == ALLOWED


@pytest.mark.parametrize(("said", "apart"), [(1, False), (2, True)])
def test_what_the_operator_says_comes_first(said: int, apart: bool) -> None:  # noqa: FBT001
    assert ServiceSettings.model_construct(folding_processes=said).folds_apart is apart


def test_unsaid_it_is_as_there_are_processors() -> None:
    assert ServiceSettings.model_construct().folds_apart is (processors() > 1)
