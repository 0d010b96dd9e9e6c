"""The OULAD tables, all of them, through the real services: nothing is lost, and every figure is that of the tables."""

import csv
import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.cli.analytics import read_funnel, read_total
from deploy.cli.client import Http
from deploy.cli.funnel import differences, total
from deploy.cli.lags import Log
from deploy.cli.oulad.truth import expected_funnel
from deploy.cli.reading import read_topic
from deploy.cli.settling import Watched, settle
from deploy.cli.tokens import make_token
from shared.contracts.topics import ASSESSED
from tests.town import Town

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("MICROCRED_OULAD") or ROOT.parent / "shared" / "data" / "oulad")
COMMAND = Path(sys.executable).with_name("microcred")
PATIENCE_S = 900.0

pytestmark = [
    pytest.mark.timeout(1_200),
    pytest.mark.skipif(
        not FOLDER.is_dir(),
        reason=f"the OULAD tables are not in {FOLDER}: fetch them from https://analyse.kmi.open.ac.uk/open_dataset "
        "and name their folder in MICROCRED_OULAD",
    ),
]


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    packed = FOLDER / f"{name}.csv.gz"
    with gzip.open(packed, "rt") if packed.exists() else (FOLDER / f"{name}.csv").open() as text:
        return list(csv.DictReader(text))


def present(rows: list[dict[str, str]], column: str) -> int:
    """Count the rows that have a value in this column."""
    return sum(row[column] not in {"?", ""} for row in rows)


def test_every_record_goes_through_and_every_figure_is_that_of_the_tables(
    town: Town, tenant: str, tmp_path: Path
) -> None:
    where = ["--url", town.urls["enrolment"], "--secret-file", str(town.secret_file), "--tenant", tenant]
    log = Log(town.bootstrap, town.topic_prefix)
    refused_before = log.dead_letters()  # other stories of this town refuse records on purpose
    published = subprocess.run(
        [COMMAND, "publish", "--format", "oulad", FOLDER, "--state", tmp_path / "state.json", *where],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    results, registrations = table("studentAssessment"), table("studentRegistration")
    told = len(results) + len(registrations) + present(registrations, "date_unregistration")
    gradable = {(row["code_module"], row["code_presentation"]) for row in table("assessments") if float(row["weight"])}
    expected = expected_funnel(FOLDER)
    with Http("analytics", town.urls["analytics"], make_token(town.secret_file, tenant)) as analytics:
        settle(Watched(log.behind, lambda: read_total(analytics), lambda: None, total(expected).__eq__), PATIENCE_S)
        found = read_funnel(analytics)
    graded = {
        event.data.result_id
        for event in read_topic(town.bootstrap, ASSESSED, town.topic_prefix)
        if event.tenant == tenant
    }

    assert published.returncode == 0, published.stderr
    assert f"published {told + len(gradable):,} events" in published.stdout
    assert differences(expected, found) == []
    assert len(graded) == present(results, "score")
    assert log.dead_letters() == refused_before
