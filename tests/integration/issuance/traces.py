"""What a service leaves behind: every record of its topics and every document of its databases, as bytes."""

import base64
from collections.abc import Iterator
from typing import Any

import base58
import bson
import zstandard
from confluent_kafka import Consumer, TopicPartition
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from pymongo import MongoClient

from tests.town import until_silent

#: The multicodec of an Ed25519 private key, as a varint.
_PRIVATE = b"\x80\x26"


def writings_of(pem: bytes) -> list[bytes]:
    """Return an Ed25519 key in every form in which it might be written down."""
    key = load_pem_private_key(pem, None)
    assert isinstance(key, Ed25519PrivateKey)
    raw, public = key.private_bytes_raw(), key.public_key().public_bytes_raw()
    pkcs8 = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    texts = [base64.b64encode(raw), base64.urlsafe_b64encode(raw), base64.b64encode(pkcs8)]
    multibases = [base58.b58encode(_PRIVATE + each) for each in (raw, raw + public)]
    hexes = [raw.hex(), raw.hex().upper()]
    return [raw, *(each.rstrip(b"=") for each in texts), *multibases, *map(str.encode, hexes)]


def records(bootstrap: str, prefix: str) -> Iterator[bytes]:
    """Yield every record on the topics with this prefix: its topic, key, headers and value."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"{prefix}traces", "enable.auto.commit": False})
    try:
        topics = consumer.list_topics(timeout=10).topics
        found = [(name, number) for name in topics if name.startswith(prefix) for number in topics[name].partitions]
        consumer.assign([TopicPartition(name, number, 0) for name, number in found])
        for record in until_silent(consumer):
            headers = [part for pair in record.headers() or () for part in (pair[0].encode(), pair[1])]
            yield b" ".join([record.topic().encode(), record.key() or b"", *headers, record.value() or b""])
    finally:
        consumer.close()


def documents(mongo_url: str, prefix: str) -> Iterator[bytes]:
    """Yield every document of the databases with this prefix, and what is compressed in it."""
    with MongoClient[dict[str, Any]](mongo_url) as client:
        for name in client.list_database_names():
            if name.startswith(prefix):
                for collection in client[name].list_collection_names():
                    for document in client[name][collection].find():
                        yield bson.encode(document)
                        yield from _opened(document)


def _opened(document: dict[str, Any]) -> Iterator[bytes]:
    """Yield what a ledger document holds to be said (`shared.kit.ledger`)."""
    if document.get("says"):
        yield zstandard.decompress(document["says"])
