"""`microcred check`: files in, findings out, and a status that tells what is missing from what could not be checked."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.cli.check import answers_to, definition_of, show
from deploy.cli.client import Http
from deploy.cli.errors import RequestRefused, UnreadableInput
from services.enrolment.examples import CHECKED, DEFINITION

runner = CliRunner()


def http(*answers: httpx.Response, asked: list[Any] | None = None) -> Http:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/offerings/check"
        if asked is not None:
            asked.append(json.loads(request.content))
        return left.pop(0)

    return Http("enrolment", "http://service", "a-token", transport=httpx.MockTransport(answer), sleep=lambda _: None)


def test_a_file_holds_a_definition_or_the_event_that_published_it(tmp_path: Path) -> None:
    plain, event = tmp_path / "plain.json", tmp_path / "event.json"
    plain.write_text(json.dumps(DEFINITION))
    event.write_text(json.dumps({"specversion": "1.0", "type": "x", "data": DEFINITION}))
    assert definition_of(plain) == definition_of(event) == DEFINITION


@pytest.mark.parametrize(
    ("content", "told"), [("{", "is not JSON"), ("[]", "no definition"), (" " * 1_048_577, "more than 1048576 bytes")]
)
def test_what_is_no_definition_is_refused_with_the_cure(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "offering.json"
    file.write_text(content)
    with pytest.raises(UnreadableInput, match=told):
        definition_of(file)
    shown = runner.invoke(app, ["check", str(file), "--token", "t"])
    assert (shown.exit_code, told in shown.stderr.replace("\n", " ")) == (1, True)


def test_every_file_is_asked_about_with_the_chosen_rule_sets(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Any] = []
    with http(httpx.Response(200, json=CHECKED), httpx.Response(200, json=CHECKED), asked=asked) as service:
        answers = answers_to(service, {"a.json": {"x": 1}, "b.json": {"x": 2}}, {"rule_sets": ["cmf@current"]})
    assert list(answers) == ["a.json", "b.json"]
    assert asked == [{"definition": {"x": each}, "rule_sets": ["cmf@current"]} for each in (1, 2)]
    told = capsys.readouterr()
    assert (told.out, "b.json" in told.err) == ("", True)


def test_a_definition_that_the_service_does_not_take_is_refused() -> None:
    problem = httpx.Response(422, json={"detail": "definition.issuer: Field required"})
    with http(problem) as service, pytest.raises(RequestRefused, match=r"definition\.issuer"):
        answers_to(service, {"a.json": {}}, {})


def test_findings_are_shown_with_place_and_wish_and_without_a_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    missing = {"rule": "x", "path": "learning.participation", "elm": "mode"}
    counted = {
        "rule_set": "eu-annex-i@2022",
        "group": "mandatory",
        "of": 11,
        "said": 8,
        "at_award": 2,
        "not_applicable": 0,
        "missing": [missing],
    }
    show("a.json", {**CHECKED, "completeness": [counted]}, several=True)
    told = " ".join(capsys.readouterr().out.split())
    parts = ("a.json", "required", "cmf@current/CMF-4", "learning.assessing", "identity verified at", "Microcredential")
    assert [part for part in parts if part not in told] == []
    assert "8 of 11, 2 when it is awarded; missing: learning.participation" in told
    assert "9 rules of 1 rule sets: 1 required, 0 recommended, 0 note" in told
    assert "valid" not in told
