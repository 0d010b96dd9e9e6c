import pytest

from shared.kit.roles import Role, parse_role
from shared.kit.settings import ServiceSettings


def parse(*argv: str) -> Role:
    return parse_role(argv, about="The enrolment service.", settings=ServiceSettings)


@pytest.mark.parametrize(
    ("argv", "role", "answers", "works"),
    [
        ((), Role.ALL, True, True),
        (("--role", "all"), Role.ALL, True, True),
        (("--role", "api"), Role.API, True, False),
        (("--role=worker",), Role.WORKER, False, True),
    ],
)
def test_roles(argv: tuple[str, ...], role: Role, answers: bool, works: bool) -> None:  # noqa: FBT001 - a table
    parsed = parse(*argv)
    assert (parsed, parsed.answers, parsed.works) == (role, answers, works)


@pytest.mark.parametrize("argv", [("--role", "boss"), ("--role",), ("worker",), ("--rule", "api")])
def test_what_is_not_known_is_refused_with_what_is(argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(*argv)
    assert caught.value.code == 2
    assert "api,worker,all" in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse("--help")
    text = capsys.readouterr().out
    assert caught.value.code == 0
    assert "The enrolment service." in text
    assert "--role worker" in text
    for name in ServiceSettings.model_fields:
        assert f"MICROCRED_{name.upper()}" in text
