"""Make one mongod the primary of a replica set of its own, or several the members of one."""

from collections.abc import Sequence
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

REPLICA_SET = "rs0"
NOT_YET_INITIALIZED = 94  # MongoDB's error code
MILLISECONDS = 1_000


def become_primary(host: str, port: int, member: str) -> bool:
    """Initiate the set, or move it to a new address, and answer whether the node is primary by now.

    `member` is the `host:port` by which the node knows itself. Ask again until the answer is yes; raises
    `pymongo.errors.PyMongoError` while the server is not up.
    """
    with direct(host, port) as client:
        if client.admin.command("hello")["isWritablePrimary"]:
            return True
        _configure(client, member)
        return bool(client.admin.command("hello")["isWritablePrimary"])


def answers(host: str, port: int) -> bool:
    """Tell that a member is up; raises `pymongo.errors.PyMongoError` while it is not."""
    with direct(host, port) as client:
        return bool(client.admin.command("ping")["ok"])


def form(members: Sequence[str], election_milliseconds: int) -> None:
    """Make one set of members (`host:port`) that run, unless they are one already."""
    host, _, port = members[0].rpartition(":")
    config = {
        "_id": REPLICA_SET,
        "members": [{"_id": number, "host": member} for number, member in enumerate(members)],
        "settings": {"electionTimeoutMillis": election_milliseconds},
    }
    with direct(host, int(port)) as client:
        try:
            client.admin.command("replSetGetStatus")
        except OperationFailure as error:
            if error.code != NOT_YET_INITIALIZED:
                raise
            client.admin.command("replSetInitiate", config)


def direct(host: str, port: int) -> MongoClient[dict[str, Any]]:
    """Return a client of this one server, which does not wait long."""
    return MongoClient(
        host,
        port,
        directConnection=True,
        serverSelectionTimeoutMS=MILLISECONDS,
        connectTimeoutMS=MILLISECONDS,
    )


def _configure(client: MongoClient[dict[str, Any]], member: str) -> None:
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code != NOT_YET_INITIALIZED:
            raise
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [{"_id": 0, "host": member}]})
        return
    if config["members"][0]["host"] != member:  # its data were last served on another port
        config["members"][0]["host"] = member
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)
