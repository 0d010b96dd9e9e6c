import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import Field

from shared.kit.secret import derived, ensure_secret, read_secret
from shared.kit.settings import ServiceSettings, SettingsError, described, load_settings


class Own(ServiceSettings):
    """The settings of a service with one of its own."""

    http_port: int = Field(8003, description="port to listen on", ge=0, le=65535)
    key_file: Path = Field(description="file with the issuer's key")


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("MICROCRED_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = ensure_secret(tmp_path / "secret")
    monkeypatch.setenv("MICROCRED_TOKEN_SECRET_FILE", str(path))
    return path


def complaints(kind: type[ServiceSettings] = ServiceSettings) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(kind)
    return str(caught.value).splitlines()


def test_settings_come_from_the_environment(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROCRED_KAFKA_BOOTSTRAP", "kafka:9092")
    monkeypatch.setenv("MICROCRED_HTTP_PORT", "9000")
    settings = load_settings(ServiceSettings)
    assert (settings.kafka_bootstrap, settings.http_port) == ("kafka:9092", 9000)
    assert settings.token_secret == read_secret(secret)


def test_the_address_follows_the_port_unless_it_is_given(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROCRED_HTTP_PORT", "9000")
    assert load_settings(ServiceSettings).public_url == "http://localhost:9000"
    monkeypatch.setenv("MICROCRED_PUBLIC_URL", "https://badges.example.edu/")
    assert load_settings(ServiceSettings).public_url == "https://badges.example.edu"


def test_an_empty_variable_is_no_variable(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROCRED_HTTP_PORT", "")
    assert load_settings(ServiceSettings).http_port == 8000


def test_a_missing_secret_says_how_to_make_one() -> None:
    (line,) = complaints()
    assert line.startswith("MICROCRED_TOKEN_SECRET_FILE is not set")
    assert "microcred token --help" in line


@pytest.mark.parametrize(("content", "reason"), [(None, "cannot read"), (b"short\n", "5 bytes")])
def test_a_bad_secret_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("MICROCRED_TOKEN_SECRET_FILE", str(path))
    (line,) = complaints()
    assert line.startswith("MICROCRED_TOKEN_SECRET_FILE: ")
    assert reason in line
    assert "microcred token --help" in line


def test_every_bad_variable_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROCRED_HTTP_PORT", "70000")
    monkeypatch.setenv("MICROCRED_LOG_LEVEL", "loud")
    monkeypatch.setenv("MICROCRED_PUBLIC_URL", "badges.example.edu")
    names = sorted(line.split(":")[0].split(" ")[0] for line in complaints(Own))
    assert names == [
        "MICROCRED_HTTP_PORT",
        "MICROCRED_KEY_FILE",
        "MICROCRED_LOG_LEVEL",
        "MICROCRED_PUBLIC_URL",
        "MICROCRED_TOKEN_SECRET_FILE",
    ]


def test_a_complaint_does_not_repeat_what_was_given(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROCRED_HTTP_PORT", "swordfish")
    assert "swordfish" not in complaints()[0]


def test_the_database_password_is_not_shown(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROCRED_MONGO_URL", "mongodb://u:swordfish@h/")
    assert "swordfish" not in repr(load_settings(ServiceSettings))


def test_every_setting_is_described() -> None:
    rows = {name: (default, meaning) for name, default, meaning in described(Own)}
    assert rows["MICROCRED_HTTP_PORT"][0] == "8003"
    assert rows["MICROCRED_KEY_FILE"][0] == "required"
    assert all(meaning for _, meaning in rows.values())


def test_a_new_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    path = ensure_secret(tmp_path / "new" / "secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(read_secret(path)) >= 32
    assert list(path.parent.iterdir()) == [path]


def test_a_secret_that_is_there_stays(tmp_path: Path) -> None:
    path = ensure_secret(tmp_path / "secret")
    before = path.read_bytes()
    assert ensure_secret(path).read_bytes() == before


def test_a_short_secret_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("short")
    with pytest.raises(ValueError, match="at least 32"):
        ensure_secret(path)
    assert path.read_text() == "short"


def test_all_who_make_it_at_once_find_the_same(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: ensure_secret(path).read_bytes(), range(32)))
    assert len(found) == 1


def test_keys_for_two_purposes_differ() -> None:
    secret = b"a secret of more than thirty-two bytes"
    assert len({secret, derived(secret, "cursor"), derived(secret, "other")}) == 3
