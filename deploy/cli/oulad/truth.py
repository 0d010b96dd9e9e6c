"""What must come out of the tables, computed from them with nothing but the standard library.

Shares no code with the reader that publishes them, so that agreement means something.
"""

import csv
import gzip
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from deploy.cli.funnel import Funnel, Stages, funnel_of


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    packed = folder / f"{name}.csv.gz"
    with gzip.open(packed, "rt") if packed.exists() else (folder / f"{name}.csv").open() as text:
        return list(csv.DictReader(text))


def expected_funnel(folder: Path, pass_mark: int = 40) -> Funnel:
    """Return the funnel: a pass is a weighted grade of at least `pass_mark` percent by someone who did not leave."""
    assessments = {row["id_assessment"]: row for row in _rows(folder, "assessments")}
    weights: dict[str, Fraction] = defaultdict(Fraction)
    for row in assessments.values():
        weights[f"{row['code_module']}-{row['code_presentation']}"] += Fraction(row["weight"])
    points: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in _rows(folder, "studentAssessment"):
        if row["score"] not in {"?", ""}:
            work = assessments[row["id_assessment"]]
            journey = row["id_student"], f"{work['code_module']}-{work['code_presentation']}"
            points[journey] += Fraction(work["weight"]) * Fraction(row["score"])
    return funnel_of(_journey(row, points, weights, pass_mark) for row in _rows(folder, "studentRegistration"))


def _journey(
    row: dict[str, str], points: dict[tuple[str, str], Fraction], weights: dict[str, Fraction], pass_mark: int
) -> tuple[tuple[str, str], Stages]:
    offering = f"{row['code_module']}-{row['code_presentation']}"
    journey = row["id_student"], offering
    left = row["date_unregistration"] not in {"?", ""}
    gradable = weights[offering] > 0
    passed = gradable and not left and points.get(journey, Fraction(0)) >= pass_mark * weights[offering]
    stages = Stages(1, int(gradable and journey in points), int(passed), int(passed), int(left))
    return (offering, _month(row)), stages


def _month(row: dict[str, str]) -> str:
    presentation, joined, left = row["code_presentation"], row["date_registration"], row["date_unregistration"]
    first = date(int(presentation[:4]), 2 if presentation.endswith("B") else 10, 1)
    days = int(joined) if joined not in {"?", ""} else min(0, 0 if left in {"?", ""} else int(left))
    return f"{first + timedelta(days=days):%Y-%m}"
