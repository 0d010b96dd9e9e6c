"""The rebuild as a process of its own: a role of the service, told on standard output, logged on standard error."""

import asyncio
from collections.abc import Sequence

import structlog

from shared.kit.errors import KitError
from shared.kit.rebuild.log_reader import LogReader, first_offsets
from shared.kit.rebuild.rebuilder import Rebuilder
from shared.kit.rebuild.replay import Log
from shared.kit.rebuild.report import to_stream
from shared.kit.rebuild.wish import Wish
from shared.kit.settings import ServiceSettings
from shared.kit.store import WholeStore
from shared.kit.topics_admin import TopicsAdmin
from shared.kit.worker import Worker

_log = structlog.get_logger(__name__)


async def rebuild(worker: Worker, settings: ServiceSettings, store: WholeStore, wish: Wish, release: str) -> int:
    """Rebuild, and return the exit status: 0 switched, 3 differences were found, 1 failed."""
    tell = to_stream()

    async def log_of(topics: Sequence[str]) -> Log:
        return await asyncio.to_thread(log_at, settings.kafka_bootstrap, settings.topic_prefix, topics)

    try:
        return await Rebuilder(worker, store, log_of, tell, release, settings.fetch_records).run(wish)
    except KitError as error:
        tell("failed", error=type(error).__name__, reason=str(error))
    except Exception as error:  # noqa: BLE001 - whatever it was, it is logged and told
        _log.exception("rebuild.failed")
        tell("failed", error=type(error).__name__, reason=str(error))
    finally:
        await store.close()
    return 1


def log_at(bootstrap: str, prefix: str, topics: Sequence[str]) -> Log:
    """Return the log of a broker.

    Raises:
        TopicMissing: a topic is not there.
        BrokerUnavailable: the broker does not answer.

    """
    ids = TopicsAdmin(bootstrap, prefix=prefix).ids(topics)
    firsts = first_offsets(bootstrap, prefix, topics)
    return Log({topic: ids[topic] for topic in topics}, firsts, lambda lanes: LogReader(bootstrap, prefix, lanes))
