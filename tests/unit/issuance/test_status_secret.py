"""The secret of status entries: made once, kept for ever, and told by nothing."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.issuance.errors import KeyFileRefused
from services.issuance.handlers import Issuing
from services.issuance.keys.__main__ import main
from services.issuance.keys.signer import signer_from
from services.issuance.keys.status_secret import LEAD, order_from, status_file
from services.issuance.main import service
from services.issuance.order import Order
from services.issuance.settings import Settings
from shared.kit.settings import SettingsError
from tests.unit.issuance.builders import KEYS, NAMES, award, beside, offering, passed

NOW = datetime(2026, 11, 26, 12, 0, 0, 7, tzinfo=UTC)


def settings(folder: Path, **more: Any) -> Settings:
    secret = folder / "token-secret"
    secret.write_bytes(b"s" * 40)
    secret.chmod(0o600)
    return Settings(token_secret_file=secret, key_file=folder / "issuer-key", **more)


def issued(order: Order) -> bytes:
    return Issuing(KEYS, NAMES, order).passed(award(), passed(), beside(offering(), 7)).state.credentials[0].document


def test_the_first_start_makes_it_and_the_next_one_finds_it(tmp_path: Path) -> None:
    service(settings(tmp_path))
    path = tmp_path / "issuer-key.status-secret"
    content = path.read_text()
    service(settings(tmp_path))

    assert path.read_text() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(content.splitlines()) == 1
    assert order_from(path, begun=True) == order_from(path, begun=False)
    assert order_from(path, begun=True).since is None


def test_where_credentials_were_issued_before_it_holds_from_a_moment_ahead_on(tmp_path: Path) -> None:
    signer_from(tmp_path / "issuer-key")
    service(settings(tmp_path))
    since = order_from(status_file(tmp_path / "issuer-key"), begun=False).since

    assert since is not None
    assert abs(since - datetime.now(UTC) - LEAD) < timedelta(minutes=1)
    made = order_from(tmp_path / "other", begun=True, now=NOW)
    assert made.since == NOW.replace(microsecond=0) + LEAD
    assert made == order_from(tmp_path / "other", begun=False)


def test_the_command_line_makes_it_before_the_first_key(tmp_path: Path) -> None:
    assert main(["--key-file", str(tmp_path / "issuer-key"), "list"]) == 0

    assert order_from(status_file(tmp_path / "issuer-key"), begun=True).since is None


def test_it_may_stand_elsewhere(tmp_path: Path) -> None:
    service(settings(tmp_path, status_secret_file=tmp_path / "vault" / "status"))

    assert order_from(tmp_path / "vault" / "status", begun=True).since is None
    assert not status_file(tmp_path / "issuer-key").exists()


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        ("too short\n", 0o600, "at least 32 characters"),
        ("", 0o600, "at least 32 characters"),
        ("s" * 40, 0o640, "chmod 600"),
        ("s" * 40 + "\nsince yesterday\n", 0o600, "second line"),
        ("s" * 40 + "\nsince 2026-01-01T00:00:00Z\nmore", 0o600, "second line"),
        ("\u20ac" * 40, 0o600, "cannot be read"),
    ],
)
def test_what_is_no_secret_is_refused_and_not_shown(tmp_path: Path, content: str, mode: int, reason: str) -> None:
    path = status_file(tmp_path / "issuer-key")
    path.write_text(content)
    path.chmod(mode)

    with pytest.raises(KeyFileRefused, match=reason) as refused:
        order_from(path, begun=False)
    assert "ssss" not in str(refused.value)
    with pytest.raises(SettingsError, match="MICROCRED_STATUS_SECRET_FILE"):
        service(settings(tmp_path))


def test_the_same_secret_makes_the_same_credential_another_one_another_and_it_shows_nowhere(tmp_path: Path) -> None:
    order = order_from(tmp_path / "secret", begun=False)

    assert issued(order_from(tmp_path / "secret", begun=False)) == issued(order)
    assert issued(Order(b"another secret of more than 32 bytes")) != issued(order)
    assert (tmp_path / "secret").read_text().strip() not in f"{order!r} {Issuing(KEYS, NAMES, order)!r}"


def test_a_rebuild_gives_what_was_issued_before_the_entry_that_it_was_given() -> None:
    """The pass is older than the secret: its credential is as it was issued without one, byte for byte."""
    since = passed().time + timedelta(seconds=1)

    documents = {issued(Order(secret * 40, since)) for secret in (b"s", b"t")}

    assert len(documents) == 1
    assert issued(Order(b"s" * 40)) not in documents
