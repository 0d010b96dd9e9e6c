"""The choice of broker and database that all integration tests stand on."""

import pytest

from shared.testing.servers import NoServers, Servers, start_servers
from tests.integration.deploy.clients import counted_twice, create, first, produce


def test_the_chosen_servers_work(servers: Servers, bootstrap: str, mongo_url: str, fresh_name: str) -> None:
    create(bootstrap, fresh_name)
    produce(bootstrap, fresh_name, b"hello")
    assert first(bootstrap, fresh_name) == b"hello"
    assert counted_twice(mongo_url, fresh_name) == 2
    assert servers.database_name.startswith("mongod ")


def test_servers_of_the_environment_come_first(bootstrap: str, mongo_url: str) -> None:
    named = {"KAFKA_BOOTSTRAP": bootstrap, "MONGO_URL": mongo_url}
    with start_servers(environ=named) as found:
        assert (found.bootstrap, found.mongo_url, found.why) == (bootstrap, mongo_url, ())


def test_every_choice_that_is_passed_over_gives_its_reason() -> None:
    with start_servers(environ={}) as found:
        assert found.why[0] == "external: KAFKA_BOOTSTRAP and MONGO_URL not set (both are wanted)"


def test_half_an_environment_is_told() -> None:
    with (
        pytest.raises(NoServers, match="external: MONGO_URL not set"),
        start_servers("external", {"KAFKA_BOOTSTRAP": "127.0.0.1:1"}),
    ):
        pass


def test_a_forced_choice_that_does_not_exist_is_an_error() -> None:
    with (
        pytest.raises(NoServers, match="external, docker, apache, embedded"),
        start_servers(environ={"MICROCRED_TEST_BROKER": "rabbit"}),
    ):
        pass
