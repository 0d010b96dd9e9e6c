"""The replica set of a container stack: asked for until it is there, and given up with the reason."""

from collections.abc import Callable
from typing import Any

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from deploy import mongo_init

MEMBER = "mongo:27017"


class Clock:
    """Time that passes only where somebody pauses."""

    def __init__(self) -> None:
        self.now = 0.0

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


class Node:
    """A mongod that answers what it was given, one thing after another, the last for ever."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int, str]] = []

    def __call__(self, host: str, port: int, member: str) -> bool:
        self.asked.append((host, port, member))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def run() -> Callable[..., int]:
    """Run the command against a node, on a clock of its own."""

    def running(node: Node, member: str = MEMBER) -> int:
        clock = Clock()
        return mongo_init.main(member, become=node, pause=clock.pause, clock=clock)

    return running


def test_a_node_that_is_primary_is_asked_once(run: Callable[..., int]) -> None:
    node = Node(True)
    assert run(node) == 0
    assert node.asked == [("mongo", 27017, MEMBER)]


def test_a_node_that_comes_up_and_is_elected_is_waited_for(run: Callable[..., int]) -> None:
    node = Node(ServerSelectionTimeoutError("refused"), False, False, True)
    assert run(node) == 0
    assert len(node.asked) == 4


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(False, "it has not become primary"), (ServerSelectionTimeoutError("connection refused"), "connection refused")],
)
def test_after_a_minute_it_gives_up_and_says_why(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str], answer: Any, reason: str
) -> None:
    node = Node(answer)
    assert run(node) == 1
    assert len(node.asked) == mongo_init.SECONDS / mongo_init.PAUSE
    assert capsys.readouterr().err == f"{MEMBER} is not the primary of a replica set after 60 s: {reason}\n"


def test_what_is_not_the_servers_word_is_not_tried_again(run: Callable[..., int]) -> None:
    node = Node(RuntimeError("a fault of ours"))
    with pytest.raises(RuntimeError, match="a fault of ours"):
        run(node)
    assert len(node.asked) == 1


@pytest.mark.parametrize("member", ["", "mongo", ":27017", "mongo:", "mongo:port"])
def test_what_is_no_address_is_refused(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str], member: str
) -> None:
    node = Node(True)
    assert run(node, member) == 2
    assert node.asked == []
    assert "give host:port" in capsys.readouterr().err
