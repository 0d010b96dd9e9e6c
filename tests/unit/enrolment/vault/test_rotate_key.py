"""The command that adds a key to the vault's."""

from pathlib import Path

import pytest

from services.enrolment.vault.ring import KeyRing
from services.enrolment.vault.rotate_key import main
from tests.unit.enrolment.tokens import SECRET
from tests.unit.enrolment.vault.test_vault import OLD


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    secret = tmp_path / "token-secret"
    secret.write_bytes(SECRET)
    monkeypatch.setenv("MICROCRED_TOKEN_SECRET_FILE", str(secret))
    return tmp_path / "token-secret.vault-keys"


def test_a_key_is_added_and_never_shown(keys: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["2027-01"]) == 0
    ring = KeyRing.read(keys)
    assert list(ring.keys) == ["first", "2027-01"]
    assert capsys.readouterr().out == "2027-01 added: restart every process of enrolment, and back the file up\n"


def test_what_cannot_be_done_is_said_in_a_line(
    keys: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert [main(["2027-01"]), main(["2027-01"]), main(["Two Words"])] == [0, 1, 1]
    monkeypatch.setenv("MICROCRED_VAULT_KEYS", OLD)
    assert main(["2027-02"]) == 1
    taken, malformed, elsewhere = capsys.readouterr().err.splitlines()
    assert "has a key 2027-01 already" in taken
    assert "is not `id:key`" in malformed
    assert "MICROCRED_VAULT_KEYS holds the keys" in elsewhere
