"""HTTPS needs a certificate and its key: whatever is wrong with them is one line with the variable and the cure."""

from pathlib import Path
from typing import Any

import pytest

from shared.kit.secret import ensure_secret
from shared.kit.settings import ServiceSettings, SettingsError
from shared.kit.tls import require_tls_files
from shared.testing.certificates import self_signed


def settings(folder: Path, **given: Any) -> ServiceSettings:
    return ServiceSettings(token_secret_file=ensure_secret(folder / "secret"), **given)


def test_a_certificate_and_its_key_do_and_so_does_neither(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    plain, secure = settings(tmp_path), settings(tmp_path, tls_certificate_file=certificate, tls_key_file=key)

    require_tls_files(plain)
    require_tls_files(secure)

    assert (plain.public_url, secure.public_url) == ("http://localhost:8000", "https://localhost:8000")


@pytest.mark.parametrize(
    ("certificate", "key", "told"),
    [
        ("server.crt", None, "MICROCRED_TLS_KEY_FILE is not set"),
        (None, "server.key", "MICROCRED_TLS_CERTIFICATE_FILE is not set"),
        ("missing.crt", "server.key", "MICROCRED_TLS_CERTIFICATE_FILE: cannot read .*No such file"),
        ("server.crt", "missing.key", "MICROCRED_TLS_KEY_FILE: cannot read .*No such file"),
        ("server.crt", ".", "MICROCRED_TLS_KEY_FILE: cannot read .*Is a directory"),
        ("server.crt", "other.key", "are no certificate and its key"),
        ("server.key", "server.crt", "are no certificate and its key"),
        ("text.crt", "server.key", "are no certificate and its key"),
        ("locked.crt", "locked.key", "are no certificate and its key"),
    ],
)
def test_what_no_server_starts_with_is_refused_in_one_line(
    tmp_path: Path, certificate: str | None, key: str | None, told: str
) -> None:
    self_signed(tmp_path)
    self_signed(tmp_path, "other")
    self_signed(tmp_path, "locked", b"passphrase")
    (tmp_path / "text.crt").write_text("no certificate")
    given = {
        "tls_certificate_file": tmp_path / certificate if certificate else None,
        "tls_key_file": tmp_path / key if key else None,
    }

    with pytest.raises(SettingsError, match=told) as refused:
        require_tls_files(settings(tmp_path, **given))

    assert "\n" not in str(refused.value)
    assert "PEM" in str(refused.value)
