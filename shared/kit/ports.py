"""What a process is plugged into: database, log and engine; the real ones unless others are given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from shared.kit.apart import Apart
from shared.kit.producer import Publisher
from shared.kit.settings import ServiceSettings
from shared.kit.store import Store, WholeStore
from shared.kit.telemetry import Progress
from shared.kit.worker import Worker


class Engine(Protocol):
    """What folds a worker's stream."""

    @property
    def progress(self) -> Progress:
        """Whether it gets on, for the probes and the metrics."""
        ...

    async def start(self) -> None:
        """Return when it is at work."""
        ...

    async def stop(self) -> None:
        """Finish what is in hand, and leave."""
        ...

    async def wait_failed(self) -> BaseException:
        """Return the error that it could not get over, when there is one."""
        ...


# The imports below wait until they are needed: `--help` and bad settings are answered without loading Faust.
def _mongo(settings: ServiceSettings, service: str) -> WholeStore:
    from shared.kit.mongo import MongoStore

    return MongoStore(settings.mongo_url, settings.database_prefix + service)


def _kafka(settings: ServiceSettings) -> Publisher:
    from shared.kit.producer import KafkaPublisher

    return KafkaPublisher(settings.kafka_bootstrap, topic_prefix=settings.topic_prefix)


def _faust(
    worker: Worker, settings: ServiceSettings, store: Store, publisher: Publisher, apart: Apart | None
) -> Engine:
    from shared.kit import engine

    return engine.Engine(worker, settings, store, publisher, apart)


@dataclass(frozen=True, slots=True)
class Ports:
    """How the parts are made; each is called inside the running event loop."""

    store: Callable[[ServiceSettings, str], WholeStore] = _mongo
    publisher: Callable[[ServiceSettings], Publisher] = _kafka
    engine: Callable[[Worker, ServiceSettings, Store, Publisher, Apart | None], Engine] = _faust
