"""What the bridge is told, and what it says when it is told nothing, or nonsense."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.enrolment.main import service
from services.enrolment.settings import Settings
from shared.contracts.topics import ENROLMENT_BRIDGE
from shared.kit.run import run
from shared.kit.secret import ensure_secret
from shared.kit.settings import SettingsError, load_settings
from shared.testing.memory import MemoryStore

BOUND = {"tenant": "ou", "platform": "openedx", "home": "https://lms.example.org"}
TOPICS = "MICROCRED_OPENEDX_TOPICS"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MICROCRED_TOKEN_SECRET_FILE", str(ensure_secret(tmp_path / "secret")))


def told(monkeypatch: pytest.MonkeyPatch, topics: dict[str, Any]) -> Settings:
    monkeypatch.setenv(TOPICS, json.dumps(topics))
    return load_settings(Settings)


async def test_topics_are_read_by_their_whole_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MICROCRED_OPENEDX_TOPIC_PREFIX", "prod")
    settings = told(monkeypatch, {"learning-certificate-lifecycle": BOUND})
    made = service(settings).bridge
    assert made is not None
    worker = await made(MemoryStore())
    assert [topic.name for topic in worker.topics] == ["prod-learning-certificate-lifecycle", ENROLMENT_BRIDGE.name]
    assert (worker.service, worker.group, worker.models) == ("enrolment", "enrolment.bridge", ())


@pytest.mark.parametrize(
    ("topics", "reason"),
    [
        ({"platform.events": BOUND}, "is a topic of ours"),
        ({"enrolment.dead-letters": BOUND}, "is a topic of ours"),
        ({"no topic": BOUND}, "should match pattern"),
        ({"x": {**BOUND, "tenant": "O U"}}, "should match pattern"),
        ({"x": {**BOUND, "home": ""}}, "at least 1 character"),
        ({"x": {**BOUND, "homme": "https://lms"}}, "not permitted"),
        ({"x": {**BOUND, "unknown_courses": "ignore"}}, "'dead-letter' or 'pass-over'"),
    ],
)
def test_nonsense_is_refused_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, topics: dict[str, Any], reason: str
):
    with pytest.raises(SettingsError, match=reason):
        told(monkeypatch, topics)


def test_a_bridge_without_topics_ends_with_a_word(capsys: pytest.CaptureFixture[str]):
    assert run(service, Settings, ["--role", "bridge"]) == 2
    assert "enrolment is told to read no topic of a platform" in capsys.readouterr().err
