"""OULAD on tables small enough to reckon by hand."""

import gzip
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from deploy.cli.errors import UnreadableInput
from deploy.cli.funnel import Stages
from deploy.cli.oulad.source import Oulad, notes
from deploy.cli.oulad.truth import Standing, expected_funnel, expected_standings
from deploy.cli.publishing.rows import Fault
from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import LearnerEvent
from shared.contracts.platform import LearnerRegistered, LearnerUnregistered, ResultReported
from shared.contracts.policy import RecognitionRule

TABLES = {
    "courses": """code_module,code_presentation,module_presentation_length
        AAA,2013J,268
        AAA,2014B,240
        ZZZ,2013B,240""",
    "assessments": """code_module,code_presentation,id_assessment,assessment_type,date,weight
        AAA,2013J,1,TMA,19,50
        AAA,2013J,2,TMA,54,50
        AAA,2014B,3,TMA,19,100
        AAA,2014B,4,Exam,?,100
        ZZZ,2013B,5,CMA,19,0""",
    "studentRegistration": """code_module,code_presentation,id_student,date_registration,date_unregistration
        AAA,2013J,100,-5,?
        AAA,2013J,200,-40,30
        AAA,2013J,300,?,-116
        AAA,2013J,400,10,10
        AAA,2014B,100,?,?
        ZZZ,2013B,500,0,?""",
    "studentAssessment": """id_student,id_assessment,date_submitted,is_banked,score
        100,1,18,0,78
        100,2,50,0,?
        200,1,17,0,90
        200,2,60,0,90
        100,3,-3,1,80
        500,5,3,0,100""",
}


@pytest.fixture(params=["plain", "gzip"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    for name, text in TABLES.items():
        content = "\n".join(row.strip() for row in text.splitlines()).encode() + b"\n"
        if request.param == "gzip":
            (tmp_path / f"{name}.csv.gz").write_bytes(gzip.compress(content))
        else:
            (tmp_path / f"{name}.csv").write_bytes(content)
    return tmp_path


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    packed, plain = folder / f"{name}.csv.gz", folder / f"{name}.csv"
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else plain.read_bytes()
    packed.unlink(missing_ok=True)
    plain.write_bytes(content.replace(old.encode(), new.encode()))


def learner_events(source: Oulad) -> list[LearnerEvent]:
    return [row.content for row in source.rows() if isinstance(row.content, LearnerEvent)]


def of(source: Oulad, student: str, offering: str) -> list[LearnerEvent]:
    ref = source.learner_ref(student)
    return [each for each in learner_events(source) if each.learner_ref == ref and each.data.offering == offering]


def test_every_line_becomes_an_event_and_offerings_come_first(folder: Path) -> None:
    source = Oulad(folder, "ou")
    contents = [row.content for row in source.rows()]

    assert [each.data.offering for each in contents[:2] if isinstance(each, OfferingPublished)] == [
        "AAA-2013J",
        "AAA-2014B",
    ]
    assert [sum(isinstance(each, kind) for each in contents) for kind in (LearnerRegistered, LearnerUnregistered)] == [
        6,
        3,
    ]
    assert sum(isinstance(each, ResultReported) for each in contents) == 6
    assert len(contents) == source.size() == 17


def test_weights_become_the_policy(folder: Path) -> None:
    event = next(row.content for row in Oulad(folder, "ou").rows() if isinstance(row.content, OfferingPublished))

    assert [(part.id, float(part.weight)) for part in event.data.policy.components] == [("1", 50), ("2", 50)]
    assert event.data.policy.pass_mark == 40


def test_days_count_from_the_first_of_october_or_february(folder: Path) -> None:
    source = Oulad(folder, "ou")

    assert of(source, "100", "AAA-2013J")[0].time == datetime(2013, 9, 26, tzinfo=UTC)
    assert of(source, "500", "ZZZ-2013B")[0].time == datetime(2013, 2, 1, tzinfo=UTC)


def test_a_missing_day_of_registration_is_the_first_day_but_never_after_leaving(folder: Path) -> None:
    source = Oulad(folder, "ou")
    joined, left = of(source, "300", "AAA-2013J")

    assert of(source, "100", "AAA-2014B")[1].time == datetime(2014, 2, 1, tzinfo=UTC)
    assert (type(joined), type(left)) == (LearnerRegistered, LearnerUnregistered)
    assert joined.time < left.time


def test_who_joins_and_leaves_on_one_day_joins_first(folder: Path) -> None:
    assert [type(each) for each in of(Oulad(folder, "ou"), "400", "AAA-2013J")] == [
        LearnerRegistered,
        LearnerUnregistered,
    ]


def test_missing_scores_and_carried_over_results(folder: Path) -> None:
    source = Oulad(folder, "ou")
    results = [each.data for each in learner_events(source) if isinstance(each, ResultReported)]

    assert [each.component for each in results if each.score is None] == ["2"]
    assert [each.component for each in results if each.carried_over] == ["3"]


def test_ids_repeat_and_references_hide_the_student(folder: Path) -> None:
    first, again = (list(Oulad(folder, "ou").rows()) for _ in range(2))
    salted = Oulad(folder, "ou", salt="other")

    assert first == again
    assert salted.learner_ref("100") != Oulad(folder, "ou").learner_ref("100")
    assert not any(each.learner_ref.startswith("100") for each in learner_events(salted))


def test_the_truth_reckoned_by_hand(folder: Path) -> None:
    assert expected_funnel(folder) == {
        ("AAA-2013J", "2013-09"): Stages(1, 1, 0, 0, 0),  # 78 and one unmarked: 39 of 40
        ("AAA-2013J", "2013-08"): Stages(1, 1, 0, 0, 1),  # 90 and 90, but left
        ("AAA-2013J", "2013-06"): Stages(1, 0, 0, 0, 1),
        ("AAA-2013J", "2013-10"): Stages(1, 0, 0, 0, 1),
        ("AAA-2014B", "2014-02"): Stages(1, 0, 0, 0, 0),  # 40 of 40, but nothing except a banked 80
        ("ZZZ-2013B", "2013-02"): Stages(1, 0, 0, 0, 0),  # nothing that weighs anything
    }


def test_banked_results_are_recognised_and_alone_no_pass(folder: Path) -> None:
    assert expected_standings(folder)["100", "AAA-2014B"] == Standing(
        Fraction(40), passed=False, assessed=False, recognised=frozenset({"3"})
    )
    rewrite(folder, "studentAssessment", "100,3,-3,1,80", "100,3,-3,1,80\n100,4,200,0,1")
    assert expected_standings(folder)["100", "AAA-2014B"] == Standing(
        Fraction("40.5"), passed=True, assessed=True, recognised=frozenset({"3"})
    )
    policy = next(row.content for row in Oulad(folder, "ou").rows() if isinstance(row.content, OfferingPublished)).data
    assert policy.policy.recognition == RecognitionRule(effect="contribute")


def test_what_a_reader_should_know_is_said(folder: Path) -> None:
    said = "\n".join(notes(Oulad(folder, "ou")))

    assert "ZZZ-2013B: no assessment has a weight" in said
    assert "AAA-2014B: the tables have no result for Exam 4 (weight 100), so grades reach 50 % at most" in said


@pytest.mark.parametrize(
    ("table", "old", "new", "reason"),
    [
        ("studentAssessment", "100,1,18", "100,77,18", "77"),
        ("studentAssessment", "100,1,18", "100,1,soon", "soon"),
        ("studentAssessment", "0,78", "0,178", "178"),
        ("studentRegistration", "AAA,2013J,100,-5", "AAA,2013X,100,-5", "2013X"),
    ],
)
def test_a_bad_line_is_a_fault_with_table_and_line(folder: Path, table: str, old: str, new: str, reason: str) -> None:
    rewrite(folder, table, old, new)

    faults = [row for row in Oulad(folder, "ou").rows() if isinstance(row.content, Fault)]

    assert [(row.table, row.line) for row in faults] == [(table, 2)]
    assert reason in str(faults[0].content)


def test_a_table_that_is_missing_or_lacks_a_column_is_named(folder: Path) -> None:
    rewrite(folder, "courses", "code_module", "module")
    with pytest.raises(UnreadableInput, match=r"courses.*has no column code_module"):
        Oulad(folder, "ou").size()
    (folder / "courses.csv").unlink()
    with pytest.raises(UnreadableInput, match=r"has no courses\.csv"):
        Oulad(folder, "ou").size()


def test_positions_hold_only_for_the_same_tables_and_options(folder: Path) -> None:
    before = Oulad(folder, "ou").fingerprint(5)
    other = Oulad(folder, "ou", salt="other").fingerprint(5)
    rewrite(folder, "studentAssessment", "0,78", "0,79")

    assert len({before, other, Oulad(folder, "ou").fingerprint(5)}) == 3
