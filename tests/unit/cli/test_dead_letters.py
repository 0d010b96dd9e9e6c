"""Deciding about dead letters: in order, each seen through, and gone on with after a stop."""

import json
from typing import Any

import httpx
import pytest

from deploy.cli.client import Http
from deploy.cli.dead_letters import AT_ONCE, Filter, Outcome, decide, pages
from deploy.cli.errors import Undecided


class Service:
    """Keeps letters in the order of their ids; `stubborn` ones are refused again; `away` is a worker that stands."""

    def __init__(self, letters: int, *, stubborn: int = -1, away: bool = False) -> None:
        self.letters: list[dict[str, Any]] = [
            {"id": f"passed/0/{n}", "attempts": 1, "status": "open", "waiting": 0} for n in range(letters)
        ]
        self.posted: list[list[str]] = []
        self.stubborn, self.away = stubborn, away

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return self._decided(json.loads(request.content)["letters"])
        query = request.url.params
        ids, after, limit = query.get_list("letter"), int(query.get("cursor", 0)), int(query["limit"])
        found = [
            each
            for each in self.letters
            if each["id"] in ids or (not ids and each["status"] == query.get("status", "open"))
        ]
        more = str(after + limit) if len(found) > after + limit else None
        return httpx.Response(200, json={"items": found[after : after + limit], "next": more})

    def _decided(self, ids: list[str]) -> httpx.Response:
        self.posted.append(ids)
        for number, letter in enumerate(self.letters):
            if letter["id"] in ids and not self.away:
                if number == self.stubborn:
                    letter["attempts"] += 1
                else:
                    letter["status"] = "redriven"
        return httpx.Response(202, json={"accepted": len(ids), "refused": []})


def http(service: Service) -> Http:
    return Http("assessment", "http://service", transport=httpx.MockTransport(service))


def open_letters(service: Service) -> list[dict[str, Any]]:
    return [dict(letter) for page in pages(http(service), Filter()) for letter in page]


def test_letters_are_decided_about_in_order_a_hundred_at_a_time() -> None:
    service = Service(2 * AT_ONCE + 5)
    told: list[int] = []

    outcome = decide(
        http(service), "redrive", open_letters(service), "", patience_s=1, told=lambda now: told.append(now.seen)
    )

    assert (outcome.settled, outcome.again) == (205, [])
    assert [id_ for ids in service.posted for id_ in ids] == [letter["id"] for letter in service.letters]
    assert told == [100, 200, 205]


def test_what_is_refused_again_is_told_and_the_others_go_on() -> None:
    service = Service(3, stubborn=1)
    outcome = decide(http(service), "redrive", open_letters(service), "", patience_s=1)
    assert (outcome.settled, [letter["id"] for letter in outcome.again]) == (2, ["passed/0/1"])
    assert [letter["id"] for letter in open_letters(service)] == ["passed/0/1"]


def test_a_worker_that_stands_still_is_told_with_the_cure() -> None:
    service = Service(2, away=True)
    clock = iter(range(100))

    with pytest.raises(Undecided, match="microcred status"):
        decide(
            http(service),
            "discard",
            open_letters(service),
            "why",
            patience_s=5,
            clock=lambda: next(clock),
            sleep=lambda _: None,
        )


def test_nothing_to_decide_about_is_no_request() -> None:
    service = Service(0)
    assert decide(http(service), "redrive", [], "", patience_s=1) == Outcome()
    assert service.posted == []
