"""What must come out of the tables, computed from them with nothing but the standard library.

Shares no code with the reader that publishes them, so that agreement means something.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from deploy.cli.funnel import Funnel, Stages, funnel_of

_NOTHING = Fraction(0)
Journey = tuple[str, str]
"""A student's number, and the offering."""


class Standing(NamedTuple):
    """Where a student stands: a banked score counts, as recognised; it is no assessment here, and alone no pass."""

    grade: Fraction
    passed: bool
    assessed: bool
    recognised: frozenset[str]


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    packed = folder / f"{name}.csv.gz"
    with gzip.open(packed, "rt") if packed.exists() else (folder / f"{name}.csv").open() as text:
        return list(csv.DictReader(text))


def expected_funnel(folder: Path, pass_mark: int = 40) -> Funnel:
    """Return the funnel: a pass is a weighted grade of at least `pass_mark` percent by someone who did not leave."""
    standings = expected_standings(folder, pass_mark)
    return funnel_of(_journey(row, standings[_whose(row)]) for row in _rows(folder, "studentRegistration"))


def expected_standings(folder: Path, pass_mark: int = 40) -> Mapping[Journey, Standing]:
    """Return where everybody stands who ever registered."""
    work = {row["id_assessment"]: (_offering(row), Fraction(row["weight"])) for row in _rows(folder, "assessments")}
    weights: dict[str, Fraction] = defaultdict(Fraction)
    for offering, weight in work.values():
        weights[offering] += weight
    scores: dict[Journey, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(folder, "studentAssessment"):
        if row["score"] not in {"?", ""}:
            scores[row["id_student"], work[row["id_assessment"]][0]].append(row)
    left = {_whose(row): row["date_unregistration"] not in {"?", ""} for row in _rows(folder, "studentRegistration")}
    return dict(_standings(work, weights, scores, left, pass_mark))


def _standings(
    work: Mapping[str, tuple[str, Fraction]],
    weights: Mapping[str, Fraction],
    scores: Mapping[Journey, list[dict[str, str]]],
    left: Mapping[Journey, bool],
    pass_mark: int,
) -> Iterator[tuple[Journey, Standing]]:
    for journey, gone in left.items():
        whole, rows = weights.get(journey[1], _NOTHING), scores.get(journey, [])
        points = sum((work[row["id_assessment"]][1] * Fraction(row["score"]) for row in rows), _NOTHING)
        grade = points / whole if whole else _NOTHING
        here = [row["id_assessment"] for row in rows if row["is_banked"] != "1"]
        banked = frozenset(row["id_assessment"] for row in rows if row["is_banked"] == "1")
        shown = any(work[name][1] for name in here) or not banked
        yield (
            journey,
            Standing(grade, bool(whole) and not gone and shown and grade >= pass_mark, bool(whole and here), banked),
        )


def _journey(row: dict[str, str], standing: Standing) -> tuple[Journey, Stages]:
    left, passed = row["date_unregistration"] not in {"?", ""}, int(standing.passed)
    return (_offering(row), _month(row)), Stages(1, int(standing.assessed), passed, passed, int(left))


def _offering(row: dict[str, str]) -> str:
    return f"{row['code_module']}-{row['code_presentation']}"


def _whose(row: dict[str, str]) -> Journey:
    return row["id_student"], _offering(row)


def _month(row: dict[str, str]) -> str:
    presentation, joined, left = row["code_presentation"], row["date_registration"], row["date_unregistration"]
    first = date(int(presentation[:4]), 2 if presentation.endswith("B") else 10, 1)
    days = int(joined) if joined not in {"?", ""} else min(0, 0 if left in {"?", ""} else int(left))
    return f"{first + timedelta(days=days):%Y-%m}"
