"""Which logs they are: a broker that is away is waited for, another log is refused."""

from collections.abc import Collection
from typing import Any, cast

import pytest

from shared.kit.errors import LogReplaced
from shared.kit.topic_ids import TopicIds
from shared.kit.topics_admin import BrokerUnavailable, TopicsAdmin


class Broker:
    """Answers with these ids, after it has been away for so many questions."""

    def __init__(self, ids: dict[str, str], away: int = 0) -> None:
        self.now, self.away = ids, away

    def ids(self, names: Collection[str]) -> dict[str, str]:
        if self.away:
            self.away -= 1
            raise BrokerUnavailable("the broker did not answer")
        return {name: self.now[name] for name in names}


def ids_of(broker: Broker, *, stopping: bool = False) -> TopicIds:
    admin: Any = broker
    return TopicIds(cast("TopicsAdmin", admin), ["passed"], lambda: stopping)


async def test_a_broker_that_is_away_is_waited_for():
    ids = ids_of(Broker({"passed": "a"}, away=1))
    await ids.learn()
    assert ids.known == {"passed": "a"}


async def test_but_not_by_one_who_stops():
    with pytest.raises(BrokerUnavailable):
        await ids_of(Broker({"passed": "a"}, away=1), stopping=True).learn()


async def test_another_log_is_refused():
    broker = Broker({"passed": "a"})
    ids = ids_of(broker)
    await ids.learn()
    await ids.check()
    broker.now = {"passed": "b"}
    with pytest.raises(LogReplaced):
        await ids.check()
    broker.away = 1
    with pytest.raises(BrokerUnavailable):
        await ids.check_at_once()
