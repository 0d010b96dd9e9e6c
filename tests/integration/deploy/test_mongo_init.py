"""The replica set's command against a real mongod."""

from typing import Any

from pymongo import MongoClient
from pymongo.uri_parser import parse_uri

from deploy import mongo_init


def test_a_set_that_exists_is_left_as_it_is(mongo_url: str) -> None:
    host, port = parse_uri(mongo_url)["nodelist"][0]
    with MongoClient[dict[str, Any]](host, port, directConnection=True) as client:
        before = client.admin.command("replSetGetConfig")["config"]
        assert mongo_init.main(f"{host}:{port}") == 0
        assert client.admin.command("replSetGetConfig")["config"] == before
