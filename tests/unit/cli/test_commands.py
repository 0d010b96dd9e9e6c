"""The command line as people meet it: help with examples, one line for each fault, status 1."""

import errno
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import app
from deploy.cli.commands import COMMANDS
from deploy.cli.console import spoken
from deploy.cli.errors import CliError
from deploy.cli.tokens import tenant_of
from deploy.local.errors import PortInUse
from shared.kit.auth import INSTITUTION, Tokens
from shared.kit.secret import ensure_secret, read_secret

runner = CliRunner()
NAMES = list(COMMANDS)


@pytest.mark.parametrize("name", ["", *NAMES])
def test_every_help_has_an_example_that_names_the_command(name: str) -> None:
    shown = runner.invoke(app, [name, "--help"] if name else ["--help"]).output

    assert "Example" in shown
    assert f"microcred {name}".strip() in shown


def test_all_commands_of_the_product_are_there() -> None:
    assert set(NAMES) == {"up", "demo", "publish", "status", "topics", "rebuild", "verify", "check", "token"}


def test_a_name_that_is_nearly_one_is_told_which() -> None:
    ended = runner.invoke(app, ["verif"])

    assert ended.exit_code == 2
    assert "'verify'" in ended.output


@pytest.mark.parametrize(
    ("error", "cure"),
    [
        (CliError("no such thing", "make one"), "make one"),
        (PortInUse(8001, "--first-port"), "--first-port"),
        (OSError(errno.ENOSPC, "No space left on device", "x.log"), "free some room"),
        (PermissionError(errno.EACCES, "Permission denied", "x.log"), "permissions"),
    ],
)
def test_a_known_fault_is_one_line_with_its_cure(
    error: Exception, cure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(typer.Exit) as ended:
        spoken(fail)
    line = capsys.readouterr().err

    assert ended.value.exit_code == 1
    assert line.count("\n") == 1
    assert cure in line


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    def fail() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        spoken(fail)


def test_a_token_carries_tenant_and_scopes(tmp_path: Path) -> None:
    secret = ensure_secret(tmp_path / "secret")

    shown = runner.invoke(app, ["token", "--tenant", "harbour", "--scope", "read", "--secret-file", str(secret)])
    text = shown.stdout.strip()
    caller = Tokens(read_secret(secret)).read(text)

    assert shown.exit_code == 0
    assert (caller.tenant, caller.scopes) == ("harbour", frozenset({"read"}))
    assert tenant_of(text) == "harbour"


def test_a_token_has_all_scopes_by_default_and_makes_the_secret_when_asked(tmp_path: Path) -> None:
    secret = tmp_path / "secret"

    shown = runner.invoke(app, ["token", "--tenant", "harbour", "--new-secret", "--secret-file", str(secret)])

    assert Tokens(read_secret(secret)).read(shown.stdout.strip()).scopes == INSTITUTION
    assert secret.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--tenant", "harbour"], "microcred up"),
        (["--tenant", "Not A Label", "--new-secret"], "tenant"),
        (["--tenant", "harbour", "--scope", "everything", "--new-secret"], "everything"),
    ],
    ids=["no secret", "bad tenant", "bad scope"],
)
def test_an_impossible_token_is_refused_with_the_cure(tmp_path: Path, options: list[str], told: str) -> None:
    shown = runner.invoke(app, ["token", *options, "--secret-file", str(tmp_path / "secret")])

    assert shown.exit_code == 1
    assert shown.stdout == ""
    assert told in shown.stderr


def test_what_is_no_token_names_no_tenant() -> None:
    with pytest.raises(CliError, match="microcred token"):
        tenant_of("not.a-token")


def test_publishing_what_fits_no_format_is_refused(tmp_path: Path) -> None:
    shown = runner.invoke(app, ["publish", str(tmp_path), "--format", "csv", "--token", "", "--bootstrap", "x:1"])

    assert shown.exit_code == 1
    assert "cannot be read as csv" in shown.stderr


def test_the_table_of_topics_needs_no_broker() -> None:
    shown = runner.invoke(app, ["topics"])

    assert shown.exit_code == 0
    assert "platform.events" in shown.stdout
    assert "analytics.dead-letters" in shown.stdout


def test_verify_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "badge.json"
    file.write_text("{")

    assert "is not JSON" in runner.invoke(app, ["verify", str(file)]).stderr
    assert "No such file" in runner.invoke(app, ["verify", str(tmp_path / "none")]).stderr
