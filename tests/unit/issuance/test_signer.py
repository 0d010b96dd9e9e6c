"""The key file: made once, for its owner only."""

import base64
import os
import pickle
import stat
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from pydantic import SecretStr

from services.issuance.errors import KeyFileRefused
from services.issuance.keys.folder import KeyFolder
from services.issuance.keys.signer import encrypt_key, is_encrypted, make_key, signer_from
from services.issuance.main import service
from services.issuance.settings import Settings
from shared.kit.settings import SettingsError


def test_the_first_start_makes_a_key_that_the_next_one_finds(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "issuer.pem"

    first, second = signer_from(path), signer_from(path)

    assert first.public_key == second.public_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    Ed25519PublicKey.from_public_bytes(first.public_key).verify(first.sign(b"content"), b"content")


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    path, found, together = tmp_path / "issuer.pem", [], threading.Barrier(8)

    def start() -> None:
        together.wait()
        found.append(signer_from(path).public_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "issuer.pem"
    signer_from(path)
    path.chmod(mode)

    with pytest.raises(KeyFileRefused, match=f"chmod 600 {path}"):
        signer_from(path)


def test_what_is_no_ed25519_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "issuer.pem"
    other = generate_private_key(SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content, reason in ((b"", "PKCS #8"), (other, "an Ed25519 key is needed")):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)

        with pytest.raises(KeyFileRefused, match=reason):
            signer_from(path)


def test_a_weak_rsa_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rsa.pem"
    key = generate_rsa_key(65537, 1024)  # noqa: S505 - weak is what it is for
    weak = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(weak)

    with pytest.raises(KeyFileRefused, match="an RSA key of 1024 bits"):
        signer_from(path)


def test_the_service_names_the_variable_of_a_key_that_it_refuses(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"s" * 40)
    secret.chmod(0o600)

    with pytest.raises(SettingsError, match="MICROCRED_KEY_FILE: key file"):
        service(Settings(token_secret_file=secret, key_file=secret))


PASSPHRASE = b"a passphrase of more than 20 characters"


def test_a_key_file_is_encrypted_with_a_passphrase_and_refused_without(tmp_path: Path) -> None:
    path = tmp_path / "issuer.pem"
    first = signer_from(path, PASSPHRASE)

    assert b"ENCRYPTED" in path.read_bytes()
    assert signer_from(path, PASSPHRASE).public_key == first.public_key
    with pytest.raises(KeyFileRefused, match="set MICROCRED_KEY_PASSPHRASE"):
        signer_from(path)
    with pytest.raises(KeyFileRefused, match="does not open it") as refused:
        signer_from(path, b"another passphrase of 20 characters")
    assert b"another passphrase" not in str(refused.value).encode()


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256", "RS256"])
def test_a_key_file_that_was_not_encrypted_is_taken_over_and_can_be(tmp_path: Path, algorithm: str) -> None:
    path = tmp_path / "issuer.pem"
    make_key(path, algorithm)
    before = signer_from(path, PASSPHRASE)
    assert not is_encrypted(path)

    encrypt_key(path, PASSPHRASE)

    assert is_encrypted(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signer_from(path, PASSPHRASE).sign(b"content") == before.sign(b"content")
    assert list(tmp_path.iterdir()) == [path]


def test_a_private_key_shows_up_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = KeyFolder(tmp_path / "issuer.pem", passphrase=PASSPHRASE)
    folder.rotate("second", datetime(2027, 1, 1, tzinfo=UTC), tenant="ou", algorithm="P-256")
    ring = folder.ring()
    secret = tmp_path / "secret"
    secret.write_bytes(b"s" * 40)
    secret.chmod(0o600)
    settings = Settings(
        token_secret_file=secret,
        key_file=tmp_path / "issuer.pem",
        key_passphrase=SecretStr(PASSPHRASE.decode()),
        signer_token=SecretStr("a token of the signer"),
    )
    numbers = [_secret_of(path) for path in (tmp_path / "issuer.pem", folder.path_of("second"))]
    with pytest.raises(KeyFileRefused) as refused:
        signer_from(tmp_path / "issuer.pem", b"another passphrase of 20 characters")

    shown = "\n".join(
        [
            repr(ring),
            repr(vars(ring.keys[0].signer)),
            repr(settings),
            settings.model_dump_json(),
            str(settings.model_dump()),
            (folder.folder / "ring.json").read_text(),
            "".join(traceback.format_exception(refused.value)),
            caplog.text,
        ]
    )
    for number in numbers:
        for form in (number.hex(), base64.b64encode(number).decode(), repr(number)):
            assert form not in shown
    assert PASSPHRASE.decode() not in shown
    assert "a token of the signer" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(ring.keys[0].signer)


def _secret_of(path: Path) -> bytes:
    key = load_pem_private_key(path.read_bytes(), PASSPHRASE)
    if isinstance(key, Ed25519PrivateKey):
        return key.private_bytes_raw()
    assert isinstance(key, EllipticCurvePrivateKey)
    return key.private_numbers().private_value.to_bytes(32)
