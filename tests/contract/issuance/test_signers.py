"""Every signer keeps to the port: in memory, in a file, in an encrypted file, and elsewhere over real HTTP."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import pytest

from services.issuance.errors import SignerAway, SignerRefused
from services.issuance.keys.jwk import read, written
from services.issuance.keys.remote_signer import BATCH, BATCH_BYTES, Patience, RemoteSigner
from services.issuance.keys.ring import KeyRing, Settling
from services.issuance.keys.signature import is_signature
from services.issuance.keys.signer import KeySigner, Signer, make_key, signer_from
from services.issuance.stream import worker_for
from shared.contracts.topics import CATALOGUE, PASSED
from shared.kit.chunk import commit
from shared.kit.ledger import Batch, Record
from shared.testing.memory import MemoryStore
from shared.testing.signer_server import SignerServer, serving
from tests.unit.issuance.builders import NAMES, ORDER, passed, published

TOKEN = "a token"
PASSPHRASE = b"a passphrase of more than 20 characters"
HASTE = Patience(request_s=30, tries=3, pause_s=0.001, failures=5, rest_s=60)


@dataclass
class Behind:
    """What a signer elsewhere signs with, and the server that it stands behind."""

    signer: KeySigner
    server: SignerServer


ALGORITHMS = ("Ed25519", "P-256", "RS256")
SIGNATURE_BYTES = {"Ed25519": 64, "P-256": 64, "RS256": 384}
proving = pytest.mark.parametrize("held", ALGORITHMS[:2], indirect=True)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two keys of each algorithm, one of them encrypted: an RSA key takes half a second to make."""
    folder = tmp_path_factory.mktemp("keys")
    for algorithm in ALGORITHMS:
        make_key(folder / algorithm, algorithm)
        make_key(folder / f"{algorithm} encrypted", algorithm, PASSPHRASE)
    return folder


@pytest.fixture(scope="module", params=ALGORITHMS)
def held(request: pytest.FixtureRequest, keys: Path) -> KeySigner:
    return signer_from(keys / request.param)


@pytest.fixture
def behind(held: KeySigner) -> Iterator[Behind]:
    with serving(SignerServer(TOKEN, {"k": held.sign})) as server:
        yield Behind(held, server)


@pytest.fixture
async def remote(behind: Behind) -> AsyncIterator[RemoteSigner]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=behind.server.url, headers=headers, trust_env=False) as client:
        yield RemoteSigner(client, "k", behind.signer.public_key, HASTE)


@pytest.fixture(params=["memory", "file", "encrypted file", "remote"])
def signer(request: pytest.FixtureRequest, held: KeySigner, remote: RemoteSigner, keys: Path) -> Signer:
    makers: dict[str, Callable[[], Signer]] = {
        "memory": lambda: held,
        "file": lambda: signer_from(keys / held.algorithm),
        "encrypted file": lambda: signer_from(keys / f"{held.algorithm} encrypted", PASSPHRASE),
        "remote": lambda: remote,
    }
    return makers[request.param]()


async def signed(signer: Signer, content: bytes) -> bytes:
    """Return a signature when it is settled."""
    signature = signer.sign(content)
    while isinstance(signer, Settling) and await signer.settle():
        signature = signer.sign(content)
    return signature


async def test_the_same_content_has_the_same_signature_and_it_is_the_keys(signer: Signer) -> None:
    for content in (b"", b"content", bytes(64), bytes(20_000)):
        first, second = await signed(signer, content), await signed(signer, content)
        assert first == second
        assert len(first) == SIGNATURE_BYTES[signer.algorithm]
        assert is_signature(first, content, signer.public_key)
        assert not is_signature(first, content + b"x", signer.public_key)


async def test_the_public_key_tells_the_algorithm_and_reads_back(signer: Signer) -> None:
    assert signer.algorithm in ALGORITHMS
    assert read(written(signer.public_key)) == signer.public_key


async def test_many_are_fetched_at_a_time_and_once(remote: RemoteSigner, behind: Behind) -> None:
    contents = [f"content {number}".encode() for number in range(2 * BATCH + 1)]

    for content in contents:
        remote.sign(content)
    assert await remote.settle()
    assert not await remote.settle()

    assert behind.server.requests == 3
    assert all(is_signature(remote.sign(each), each, remote.public_key) for each in contents)
    assert not await remote.settle()


@pytest.mark.parametrize("held", ["Ed25519"], indirect=True)
async def test_no_request_is_larger_than_a_signer_takes(remote: RemoteSigner, behind: Behind) -> None:
    contents = [bytes([number]) * (BATCH_BYTES // 3) for number in range(5)]

    for content in contents:
        remote.sign(content)
    assert await remote.settle()

    assert behind.server.requests == 2
    assert all(is_signature(remote.sign(each), each, remote.public_key) for each in contents)


async def test_a_signer_that_fails_for_a_moment_is_asked_again(remote: RemoteSigner, behind: Behind) -> None:
    behind.server.failing = 2

    assert is_signature(await signed(remote, b"content"), b"content", remote.public_key)
    assert behind.server.requests == 3


async def test_a_signer_that_goes_on_failing_is_left_alone(remote: RemoteSigner, behind: Behind) -> None:
    behind.server.failing = 1000
    for _ in range(2):
        with pytest.raises(SignerAway, match="key k"):
            await signed(remote, b"content")
    asked = behind.server.requests

    with pytest.raises(SignerAway, match="left alone"):
        await signed(remote, b"content")

    assert behind.server.requests == asked == HASTE.failures


async def test_a_wrong_token_and_a_wrong_key_are_refused_at_once(behind: Behind) -> None:
    for token, key in (("another", "k"), (TOKEN, "another")):
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=behind.server.url, headers=headers, trust_env=False) as client:
            with pytest.raises(SignerRefused) as refused:
                await signed(RemoteSigner(client, key, behind.signer.public_key, HASTE), b"content")
        assert token not in str(refused.value) or token == "another"
    assert behind.server.requests == 2


async def test_a_signature_of_another_key_is_never_used(remote: RemoteSigner, behind: Behind, tmp_path: Path) -> None:
    make_key(tmp_path / "another")
    behind.server.keys["k"] = signer_from(tmp_path / "another").sign

    with pytest.raises(SignerRefused, match="another key"):
        await signed(remote, b"content")


@proving
async def test_the_worker_issues_the_same_bytes_with_a_key_that_is_elsewhere(
    remote: RemoteSigner, behind: Behind
) -> None:
    documents = []
    for key in (behind.signer, remote):
        store, worker = MemoryStore(), worker_for(KeyRing.of(key), NAMES, ORDER)
        for topic, events in ((CATALOGUE, [published()]), (PASSED, [passed(1), passed(2)])):
            records = [Record(n, 1_900_000_000_000, None, event.encode()) for n, event in enumerate(events)]
            committed = await commit(worker, [Batch(topic.name, f"id-{topic.name}", 0, 0, records)], store)
        documents.append(((await store.get("awards", "ou/learner-1/AAA/2014J")), committed.says))

    assert documents[0] == documents[1]
    [credential, _] = (documents[1][0] or {})["credentials"]
    assert orjson.loads(credential["document"])["proof"][0]["proofValue"] != "z" + "1" * 64
    assert behind.server.requests == 1
