"""The ring is read again while the service runs: what is new is used, and what cannot be trusted changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pytest
from structlog.testing import capture_logs

from services.issuance.did import did_document, method_of
from services.issuance.handlers import Issuing
from services.issuance.keys.entries import FIRST, RING
from services.issuance.keys.folder import Gone, KeyFolder
from services.issuance.keys.multikey import multikey
from services.issuance.keys.ring import Key, KeyRing
from services.issuance.keys.watch import RingWatch
from tests.unit.issuance.builders import NAMES, ORDER, SIGNER, award, beside, offering, passed
from tests.unit.issuance.desk import started
from tests.unit.issuance.test_claims import Elsewhere

MOMENT = passed().time
TICK = timedelta(seconds=1)


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys" / "issuer.pem")


def rotated(folder: KeyFolder, name: str = "second", since: datetime = MOMENT, algorithm: str = "Ed25519") -> str:
    """Add a key, as another process does, and return it as a Multikey."""
    return str(folder.rotate(name, since, tenant="ou", algorithm=algorithm).public_key)


async def test_a_key_that_is_added_signs_what_is_dated_after_it_and_nothing_else(folder: KeyFolder) -> None:
    watch = RingWatch(folder)
    issuing, first = Issuing(watch.ring, NAMES, ORDER), watch.ring.keys[0].signer
    before = passed().model_copy(update={"time": MOMENT - TICK})
    was = issuing.passed(award(), before, beside(offering())).state.credentials[0].document

    added = rotated(folder)
    await watch.look()

    documents = [
        issuing.passed(award(), event, beside(offering())).state.credentials[0].document for event in (before, passed())
    ]
    methods = [orjson.loads(document)["proof"][0]["verificationMethod"] for document in documents]
    assert methods == [method_of(NAMES, "ou", first), f"{NAMES.issuer('ou')}#{added}"]
    assert documents[0] == was
    assert [each["id"] for each in did_document(NAMES, "ou", watch.ring)["verificationMethod"]] == methods
    assert watch.ring.keys[0].signer is first


async def test_a_ring_that_did_not_change_is_left_as_it_is(folder: KeyFolder) -> None:
    rotated(folder)
    watch = RingWatch(folder)
    keys = watch.ring.keys

    await watch.look()

    assert watch.ring.keys is keys


async def test_status_lists_are_signed_anew_when_the_key_came_into_other_hands(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys" / "issuer.pem")
    service = await started(tmp_path)
    watch = RingWatch(folder)
    desk = service.app.state.desk
    lists = replace(desk.lists, keys=watch.ring)
    service.app.state.desk = replace(desk, keys=watch.ring, lists=lists, checker=replace(desk.checker, keys=watch.ring))
    [credential] = service.hear(passed()).credentials
    path = f"/status/{credential.status_list}"

    async with service.client() as client:
        before = await client.get(path)
        same = await client.get(path, headers={"If-None-Match": before.headers["ETag"]})
        second = rotated(folder)
        folder.mark(FIRST, compromised=MOMENT)
        await watch.look()
        after = await client.get(path, headers={"If-None-Match": before.headers["ETag"]})
        did = (await client.get("/issuers/ou/did.json")).json()

    assert same.status_code == 304
    assert after.json()["proof"][0]["verificationMethod"].endswith(second)
    assert "revoked" in did["verificationMethod"][0]
    assert did["assertionMethod"] == [after.json()["proof"][0]["verificationMethod"]]


def broken(folder: KeyFolder) -> None:
    (folder.folder / RING).write_text("[{")


def removed(folder: KeyFolder) -> None:
    (folder.folder / RING).unlink()


def shrunk(folder: KeyFolder) -> None:
    entries = orjson.loads((folder.folder / RING).read_bytes())
    (folder.folder / RING).write_bytes(orjson.dumps(entries[:1]))


def exchanged(folder: KeyFolder) -> None:
    text = (folder.folder / RING).read_text()
    (folder.folder / RING).write_text(text.replace(str(folder.entries()[1].public_key), multikey(SIGNER.public_key)))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (broken, "restore it, for it says who signed what"),
        (removed, "has lost second"),
        (shrunk, "has lost second"),
        (exchanged, "holds another key than the ring says"),
    ],
)
async def test_a_ring_that_cannot_be_trusted_changes_nothing_and_is_told_once(
    folder: KeyFolder, spoil: Callable[[KeyFolder], None], reason: str
) -> None:
    rotated(folder)
    watch, kept = RingWatch(folder), (folder.folder / RING).read_bytes()
    keys = watch.ring.keys

    spoil(folder)
    with capture_logs() as logs:
        await watch.look()
        await watch.look()
    assert watch.ring.keys is keys
    [told] = logs
    assert told["log_level"] == "error"
    assert reason in told["reason"]

    (folder.folder / RING).write_bytes(kept)
    rotated(folder, "third")
    await watch.look()
    assert [key.id for key in watch.ring.keys] == [FIRST, "second", "third"]


async def test_who_was_asked_for_a_signature_is_waited_for_though_the_ring_has_it_no_more() -> None:
    elsewhere = Elsewhere(SIGNER)
    ring = KeyRing((Key(FIRST, elsewhere),))
    signer, takeovers = ring.signer_at("ou", MOMENT), iter([True])

    def make() -> bytes:
        made = signer.sign(b"content")
        if next(takeovers, False):
            ring.take((Key(FIRST, Gone(SIGNER.public_key, SIGNER.algorithm), retired=MOMENT),))
        return made

    assert await ring.settled(make) == SIGNER.sign(b"content")
