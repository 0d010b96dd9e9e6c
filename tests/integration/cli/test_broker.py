"""The commands that ask the broker, against a real one."""

import uuid

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.cli.demo_data.generate import generate
from deploy.cli.errors import Unreachable
from deploy.cli.kafka import kafka_sender
from deploy.cli.lags import Log
from deploy.cli.reading import read_topic
from deploy.local.ports import free_port
from shared.contracts.topics import CATALOGUE, PLATFORM_EVENTS, SERVICES, TOPICS
from shared.kit.errors import KitError
from shared.kit.topics_admin import create_topics

runner = CliRunner()
ALL = len(TOPICS) + len(SERVICES)
"""Each service has a topic of dead letters."""


@pytest.fixture
def prefix() -> str:
    return f"cli-{uuid.uuid4().hex[:8]}."


def test_topics_are_made_once_and_checked(bootstrap: str, prefix: str) -> None:
    options = ["topics", "--bootstrap", bootstrap, "--prefix", prefix]

    missing = runner.invoke(app, [*options, "--check"])
    made = runner.invoke(app, [*options, "--create", "--check"])
    again = runner.invoke(app, [*options, "--create"])
    other = runner.invoke(app, [*options, "--check", "--partitions", "6"])

    assert (missing.exit_code, missing.stdout.count("is missing")) == (1, ALL)
    assert (made.exit_code, f"made {ALL} topics" in made.stdout) == (0, True)
    assert (again.exit_code, f"made 0 topics; {ALL} were there" in again.stdout) == (0, True)
    assert (other.exit_code, other.stdout.count("12 partitions instead of 6")) == (1, ALL)


def test_what_is_sent_straight_to_the_broker_stands_on_its_topics(bootstrap: str, prefix: str) -> None:
    create_topics(bootstrap, prefix=prefix)
    events = generate(20, 5, "demo").events
    with kafka_sender(bootstrap, prefix) as sender:
        refused = sender.send(events)

    stands = [event for topic in (PLATFORM_EVENTS, CATALOGUE) for event in read_topic(bootstrap, topic, prefix)]

    assert refused == {}
    assert sorted(event.encode() for event in stands) == sorted(event.encode() for event in events)


def test_nobody_has_read_a_fresh_log(bootstrap: str, prefix: str) -> None:
    create_topics(bootstrap, prefix=prefix)
    log = Log(bootstrap, prefix)

    assert {(row.service, row.topic) for row in log.behind()} == {
        (service, topic.name) for topic in TOPICS for service in topic.heard_by
    }
    assert {row.records for row in log.behind()} == {0}
    assert log.dead_letters() == dict.fromkeys(SERVICES, 0)


def test_what_nobody_has_read_is_behind(bootstrap: str, prefix: str) -> None:
    create_topics(bootstrap, prefix=prefix)
    with kafka_sender(bootstrap, prefix) as sender:
        sender.send(generate(20, 5, "demo").events)

    behind = {(row.service, row.topic): row.records for row in Log(bootstrap, prefix).behind()}

    assert behind["assessment", "platform.events"] > 0
    assert behind["analytics", "enrolled"] == 0


def test_a_broker_that_is_not_there_is_told_in_seconds() -> None:
    nowhere = f"127.0.0.1:{free_port()}"

    with pytest.raises((Unreachable, KitError), match="answer"):
        Log(nowhere).behind()
    with pytest.raises(KitError, match="answer"), kafka_sender(nowhere, ""):
        pass
    shown = runner.invoke(app, ["status", "--bootstrap", nowhere])

    assert shown.exit_code == 1
    assert "answer" in shown.stderr
