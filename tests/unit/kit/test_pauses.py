"""A client that cannot go on pauses before it asks again; one that can is not held up."""

from typing import Any

import pytest
from aiokafka.cluster import ClusterMetadata
from aiokafka.protocol.fetch import FetchResponse_v4
from aiokafka.protocol.metadata import MetadataResponse_v1

from shared.kit.pauses import NO_LEADER_S, NOBODY_S, give_pauses


class Client:
    """Stands in for aiokafka's: answers what the brokers did, without asking them."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.slept: list[float] = []
        give_pauses(self, self.sleep)

    async def _metadata_update(self, cluster: Any, _topics: Any) -> bool:
        if self.answer is not None:
            cluster.update_metadata(self.answer)
        return self.answer is not None

    async def send(self, _node: Any, _request: Any, **_given: Any) -> Any:
        return self.answer

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def told(error: int = 0, *leaders: int) -> Any:
    """Return what a broker says of a topic `a` whose partitions have these leaders."""
    partitions = [(0, number, leader, [1], [1]) for number, leader in enumerate(leaders)]
    return MetadataResponse_v1([(1, "localhost", 9092, None)], 1, [(error, "a", False, partitions)])


@pytest.mark.parametrize(
    ("answer", "pauses"),
    [
        (None, [NOBODY_S]),
        (told(0, 1, -1), [NO_LEADER_S]),
        (told(5), [NO_LEADER_S]),
        (told(3), [NO_LEADER_S]),
        (told(0, 1, 1), []),
    ],
    ids=["nobody answers", "one has no leader", "no leaders yet", "no such topic", "all have leaders"],
)
async def test_whoever_looks_for_leaders_and_finds_none_pauses(answer: Any, pauses: list[float]) -> None:
    client = Client(answer)

    assert await client._metadata_update(ClusterMetadata(), {"a"}) == (answer is not None)

    assert client.slept == pauses


@pytest.mark.parametrize(("error", "pauses"), [(0, []), (6, [NO_LEADER_S]), (3, [NO_LEADER_S])])
async def test_a_fetch_of_what_is_led_elsewhere_pauses_and_gives_what_came(error: int, pauses: list[float]) -> None:
    answer = FetchResponse_v4(0, [("a", [(0, 0, 9, 9, [], b""), (1, error, 9, 9, [], b"")])])
    client = Client(answer)

    assert await client.send(1, "a fetch", group="a group") is answer

    assert client.slept == pauses


async def test_other_requests_are_not_held_up() -> None:
    client = Client(told(3))

    await client.send(1, "another request")

    assert client.slept == []
