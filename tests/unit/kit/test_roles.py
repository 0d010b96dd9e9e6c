import pytest

from shared.kit.rebuild.wish import Wish
from shared.kit.roles import Command, Role, parse_command
from shared.kit.settings import ServiceSettings


def parse(*argv: str) -> Role:
    return command(*argv).role


def command(*argv: str) -> Command:
    return parse_command(argv, about="The enrolment service.", settings=ServiceSettings)


@pytest.mark.parametrize(
    ("argv", "role", "answers", "works"),
    [
        ((), Role.ALL, True, True),
        (("--role", "all"), Role.ALL, True, True),
        (("--role", "api"), Role.API, True, False),
        (("--role=worker",), Role.WORKER, False, True),
        (("--role", "bridge"), Role.BRIDGE, False, True),
        (("--role", "rebuild"), Role.REBUILD, False, False),
    ],
)
def test_roles(argv: tuple[str, ...], role: Role, answers: bool, works: bool) -> None:  # noqa: FBT001 - a table
    parsed = parse(*argv)
    assert (parsed, parsed.answers, parsed.works) == (role, answers, works)


@pytest.mark.parametrize(
    ("argv", "wish"),
    [
        ((), Wish()),
        (("--model", "progress"), Wish(model="progress")),
        (("--model", "progress", "--accept-differences"), Wish(model="progress", accept_differences=True)),
        (("--rollback",), Wish(rollback=True)),
        (("--discard",), Wish(discard=True)),
    ],
)
def test_what_is_asked_of_a_rebuild(argv: tuple[str, ...], wish: Wish) -> None:
    assert command("--role", "rebuild", *argv).wish == wish


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (("--rollback",), "are for --role rebuild"),
        (("--role", "worker", "--model", "progress"), "are for --role rebuild"),
        (("--role", "rebuild", "--rollback", "--discard"), "not allowed with"),
        (("--role", "rebuild", "--rollback", "--model", "x"), "leave --model out"),
    ],
)
def test_what_does_not_go_together_is_refused(
    argv: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command(*argv)
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("argv", [("--role", "boss"), ("--role",), ("worker",), ("--rule", "api")])
def test_what_is_not_known_is_refused_with_what_is(argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(*argv)
    assert caught.value.code == 2
    assert "api,worker,all,bridge,rebuild" in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse("--help")
    text = capsys.readouterr().out
    assert caught.value.code == 0
    assert "The enrolment service." in text
    assert "--role worker" in text
    for name in ServiceSettings.model_fields:
        assert f"MICROCRED_{name.upper()}" in text
