"""The bridge to platforms' topics: started where topics are named, with the keys of enrolment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.cli.running.bridged import PREFIX, TOPICS, bridged_topics
from services.enrolment.settings import Settings
from shared.kit.secret import ensure_secret
from shared.kit.settings import load_settings

ROOT = Path(__file__).parents[3]
ONE = '{"learning": {"tenant": "ou", "platform": "openedx", "home": "https://lms.ou.example"}}'


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, []),
        ({TOPICS: ""}, []),
        ({TOPICS: "{}"}, []),
        ({TOPICS: ONE}, ["learning"]),
        ({TOPICS: ONE, PREFIX: ""}, ["learning"]),
        ({TOPICS: ONE, PREFIX: "dev"}, ["dev-learning"]),
    ],
)
def test_the_topics_are_those_that_enrolment_would_read(
    environ: Mapping[str, str], named: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (TOPICS, PREFIX):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    enrolment = load_settings(Settings, token_secret_file=ensure_secret(tmp_path / "secret"))

    assert bridged_topics(environ) == named == list(enrolment.bridged)


@pytest.mark.parametrize(
    "given", ["{", "[]", "7", "null", '{"a topic": {}}', '{"": {}}', ONE.replace("learning", "issued")]
)
def test_what_enrolment_will_refuse_is_left_to_enrolment(given: str) -> None:
    assert bridged_topics({TOPICS: given}) == []


@pytest.fixture(scope="module")
def services() -> Mapping[str, Any]:
    """The services of the Compose file, before anything is interpolated."""
    services: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return services


def test_compose_starts_the_bridge_where_its_profile_is_asked_for(services: Mapping[str, Any]) -> None:
    bridge = services["bridge"]
    assert bridge["profiles"] == ["bridge"]
    assert bridge["command"][-3:] == ["services.enrolment.main", "--role", "bridge"]
    assert {TOPICS, PREFIX, "MICROCRED_SCHEMA_REGISTRY_URL"} <= bridge["environment"].keys()
    assert all("profiles" not in each for name, each in services.items() if name != "bridge")
    # The broker is nobody else's: who makes our topics makes those that the bridge reads.
    topics = services["topics"]
    assert topics["command"][1:] == ["topics", "--create", "--bridged"]
    assert {name: topics["environment"][name] for name in (TOPICS, PREFIX)}.items() <= bridge["environment"].items()


def test_an_account_of_the_bridge_is_the_learner_that_it_is_at_the_door(services: Mapping[str, Any]) -> None:
    bridge, door = services["bridge"], services["enrolment"]
    assert door["environment"].items() <= bridge["environment"].items()
    assert bridge["volumes"] == door["volumes"]


def test_a_container_of_the_bridge_is_as_hardened_as_any(services: Mapping[str, Any]) -> None:
    bridge, other = services["bridge"], services["assessment"]
    special = {"profiles", "command", "environment", "volumes", "ports"}
    assert {**bridge, **dict.fromkeys(special)} == {**other, **dict.fromkeys(special)}
