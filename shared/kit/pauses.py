"""Pauses for aiokafka's client where it makes none, and would ask as fast as it can until a leader is there."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiokafka.client import AIOKafkaClient

NOBODY_S = 0.5
"""After no broker has answered; each try costs a connection to every broker, and three lines of log."""
NO_LEADER_S = 0.1
"""After an answer from which something cannot be fetched: the next leader is there in a moment."""
_FETCH = 1  # the API key of a fetch: https://kafka.apache.org/protocol#protocol_api_keys
Sleep = Callable[[float], Awaitable[object]]


def give_pauses(client: AIOKafkaClient, sleep: Sleep = asyncio.sleep) -> None:
    """Let a client pause before it returns what it cannot go on with.

    aiokafka's fetcher asks again at once for as long as it knows no leader of a partition, whoever answers, or nobody;
    and it fetches again at once from a broker that leads a partition no more (aiokafka issue 1155).
    """
    update, send = client._metadata_update, client.send  # noqa: SLF001 - all look-ups go through it

    async def looked_up(cluster: Any, topics: Any) -> bool:
        known: bool = await update(cluster, topics)
        if not known:
            await sleep(NOBODY_S)
        elif _without_leader(cluster, topics or cluster.topics()):
            await sleep(NO_LEADER_S)
        return known

    async def sent(node: Any, request: Any, **kwargs: Any) -> Any:
        answer = await send(node, request, **kwargs)
        if getattr(answer, "API_KEY", None) == _FETCH and _refused(answer):
            await sleep(NO_LEADER_S)
        return answer

    client._metadata_update = looked_up  # noqa: SLF001 - a client is made by its consumer
    client.send = sent


def _without_leader(cluster: Any, topics: Iterable[str]) -> bool:
    there = ((cluster.partitions_for_topic(each), cluster.available_partitions_for_topic(each)) for each in topics)
    return any(partitions is None or partitions != led for partitions, led in there)


def _refused(fetched: Any) -> bool:
    return any(code for _, partitions in fetched.topics for _, code, *_ in partitions)
