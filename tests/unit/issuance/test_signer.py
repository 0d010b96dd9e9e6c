"""The key file: made once, for its owner only."""

import os
import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.issuance.errors import KeyFileRefused
from services.issuance.main import service
from services.issuance.settings import Settings
from services.issuance.signer import signer_from
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
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content, reason in ((b"", "PKCS #8"), (other, "an Ed25519 key is needed")):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)

        with pytest.raises(KeyFileRefused, match=reason):
            signer_from(path)


def test_the_service_names_the_variable_of_a_key_that_it_refuses(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"s" * 40)
    secret.chmod(0o600)

    with pytest.raises(SettingsError, match="MICROCRED_KEY_FILE: key file"):
        service(Settings(token_secret_file=secret, key_file=secret))
