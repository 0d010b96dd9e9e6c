"""The OULAD tables through the real services: nothing is lost, and every figure is that of the tables.

A quarter of the students of two presentations, one with results that students brought along; all tables where
MICROCRED_OULAD names their folder: `MICROCRED_OULAD=../shared/data/oulad .venv/bin/pytest tests/e2e/test_oulad.py`.
"""

import csv
import gzip
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor as Asking
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.cli.analytics import read_funnel, read_total
from deploy.cli.client import Http
from deploy.cli.funnel import differences, total
from deploy.cli.lags import Log
from deploy.cli.oulad.source import Oulad
from deploy.cli.oulad.tables import COLUMNS
from deploy.cli.oulad.truth import Standing, expected_funnel, expected_standings
from deploy.cli.settling import Watched, settle
from deploy.cli.tokens import make_token
from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import ResultReported
from shared.contracts.topics import ASSESSED, PLATFORM_EVENTS, Topic
from shared.contracts.wire import decode
from shared.testing.topic_reader import read_topic
from tests.town import Town

ROOT = Path(__file__).parents[2]
NAMED = os.environ.get("MICROCRED_OULAD")
FOLDER = Path(NAMED or ROOT.parent / "shared" / "data" / "oulad")
PRESENTATIONS = {("AAA", "2013J"), ("DDD", "2013J")}
EVERY, FROM = 4, 2  # of their students by number: among them are all kinds of rows, as is asserted
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the tables: of all of them if it was named."""
    if NAMED:
        return FOLDER
    of_here = {
        row["id_assessment"]
        for row in table(FOLDER, "assessments")
        if (row["code_module"], row["code_presentation"]) in PRESENTATIONS
    }
    for name in COLUMNS:
        rows = [
            row
            for row in table(FOLDER, name)
            if int(row.get("id_student", FROM)) % EVERY == FROM
            and (
                row.get("id_assessment") in of_here
                or (row.get("code_module"), row.get("code_presentation")) in PRESENTATIONS
            )
        ]
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return tmp_path


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    packed = folder / f"{name}.csv.gz"
    with gzip.open(packed, "rt") if packed.exists() else (folder / f"{name}.csv").open() as text:
        return list(csv.DictReader(text))


def present(rows: list[dict[str, str]], column: str) -> int:
    """Count the rows that have a value in this column."""
    return sum(row[column] not in {"?", ""} for row in rows)


def heard(town: Town, topic: Topic, tenant: str) -> list[Any]:
    """Return an institution's events on a topic; of others there are records on purpose that nobody can read."""
    stored = read_topic(town.bootstrap, town.topic_prefix + topic.name, bound_s=PATIENCE_S)
    ours = (each for each in stored if f'"tenant":"{tenant}"'.encode() in (each.value or b""))
    return [decode(topic, each.value, each.headers) for each in ours]


def is_mark_of_here(event: LearnerEvent) -> bool:
    """Tell whether an event reports a mark that was earned on this very presentation."""
    return isinstance(event, ResultReported) and event.data.score is not None and not event.data.carried_over


def test_every_record_goes_through_and_every_figure_is_that_of_the_tables(
    town: Town, tenant: str, folder: Path, tmp_path: Path
) -> None:
    where = ["--url", town.urls["enrolment"], "--secret-file", str(town.secret_file), "--tenant", tenant]
    log = Log(town.bootstrap, town.topic_prefix)
    refused_before = log.dead_letters()  # other stories of this town refuse records on purpose
    published = subprocess.run(
        [COMMAND, "publish", "--format", "oulad", folder, "--state", tmp_path / "state.json", *where],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    results, registrations = table(folder, "studentAssessment"), table(folder, "studentRegistration")
    assert_all_kinds_are_among(results, registrations)
    told = len(results) + len(registrations) + present(registrations, "date_unregistration")
    gradable = {
        (row["code_module"], row["code_presentation"]) for row in table(folder, "assessments") if float(row["weight"])
    }
    expected = expected_funnel(folder)
    with Http("analytics", town.urls["analytics"], make_token(town.secret_file, tenant)) as analytics:
        settle(Watched(log.behind, lambda: read_total(analytics), lambda: None, total(expected).__eq__), PATIENCE_S)
        found = read_funnel(analytics)
    reported = {each.id for each in heard(town, PLATFORM_EVENTS, tenant) if is_mark_of_here(each)}
    graded = {each.data.result_id for each in heard(town, ASSESSED, tenant)}

    assert published.returncode == 0, published.stderr
    assert f"published {told + len(gradable):,} events" in published.stdout
    # In the order in which something could be lost, so that a failure tells where.
    assert len(reported) == present([row for row in results if row["is_banked"] != "1"], "score")
    assert sorted(reported - graded) == []
    assert len(graded) == len(reported)
    assert differences(expected, found) == []
    assert log.dead_letters() == refused_before
    assert_everybody_stands_where_the_tables_have_them(town, tenant, folder)


def assert_all_kinds_are_among(results: list[dict[str, str]], registrations: list[dict[str, str]]) -> None:
    """Hold that some results were brought along, some have no score, and some learners left or came on no known day."""
    assert {row["is_banked"] for row in results} == {"0", "1"}
    assert 0 < present(results, "score") < len(results)
    assert 0 < present(registrations, "date_unregistration") < len(registrations)
    assert 0 < present(registrations, "date_registration") < len(registrations)


def assert_everybody_stands_where_the_tables_have_them(town: Town, tenant: str, folder: Path) -> None:
    """Ask for the progress of every learner on every 2013 presentation, several at a time."""
    source = Oulad(folder, tenant)
    gradable = {event.data.offering for event in source.offerings[0]}
    expected = {
        journey: standing
        for journey, standing in expected_standings(folder).items()
        if journey[1] in gradable and journey[1].rpartition("-")[2].startswith("2013")
    }
    headers = {"Authorization": f"Bearer {make_token(town.secret_file, tenant)}"}

    with httpx.Client(base_url=town.urls["assessment"], headers=headers, timeout=60) as client, Asking(16) as asking:

        def wrong(journey: tuple[str, str]) -> str:
            answer = client.get(f"/v1/progress/{source.learner_ref(journey[0])}/{journey[1]}")
            answer.raise_for_status()
            found = standing_of(answer.json())
            return "" if found == shown(expected[journey]) else f"{journey}: {found}, not {shown(expected[journey])}"

        assert [fault for fault in asking.map(wrong, expected) if fault] == []
    assert any(standing.recognised for standing in expected.values())


def standing_of(answer: dict[str, Any]) -> tuple[object, ...]:
    """Return what the service says of a learner."""
    recognised = frozenset(each["id"] for each in answer["components"] if each["recognised"] == "contributes")
    return answer["grade_percent"], answer["passed"], recognised


def shown(standing: Standing) -> tuple[object, ...]:
    """Return what the service should say."""
    return float(standing.grade), standing.passed, standing.recognised
