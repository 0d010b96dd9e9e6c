"""The ground that the engine's benches stand on: Apache Kafka and mongod on this machine, one log for all runs."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from bench.cohorts import Truth, events
from bench.contenders.spec import Run, Spec
from bench.errors import ContenderFailed
from bench.truth import PassedLog, check_documents, check_passes
from deploy.local.process import Process
from deploy.local.stack import LocalStack
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import ensure_secret
from shared.kit.topics_admin import create_topics

Say = Callable[[str], None]

_PREFIX = "bench."
_POLL_S = 0.2
_TAIL = 1500
_AT_ONCE = 10_000


class Ground:
    """A log full of events, and a fresh database for every run that folds them."""

    def __init__(self, stack: LocalStack, folder: Path, count: int) -> None:
        """Make topics and events; `count` events must lie on the log when a run begins."""
        self.mongo_url = stack.mongo_url
        self._stack, self._folder, self._count = stack, folder, count
        self._secret = ensure_secret(folder / "secret")
        self._runs = 0
        create_topics(stack.bootstrap, prefix=_PREFIX)
        self._truth = Truth()
        asyncio.run(_publish(stack.bootstrap, count, self._truth))
        self.passed = PassedLog(stack.bootstrap, _PREFIX)

    def spec(self) -> Spec:
        """Return what the next run is told: a database of its own."""
        self._runs += 1
        return Spec(
            bootstrap=self._stack.bootstrap,
            mongo_url=self.mongo_url,
            database=f"run{self._runs}",
            prefix=_PREFIX,
            secret=str(self._secret),
            events=self._count,
            answer=str(self._folder / f"run{self._runs}.json"),
        )

    def run(self, contender: str) -> Run:
        """Let a contender fold all events in a process of its own, and check what it left.

        Raises:
            ContenderFailed: it ended with an error.
            EffectsLost: something is missing, doubled or different.

        """
        spec = self.spec()
        answer = Path(spec.answer)
        told = answer.with_suffix(".spec")
        spec.write(told)
        log = answer.with_suffix(".log")
        process = Process(contender, (sys.executable, "-m", "bench.contenders", contender, str(told)), log)
        try:
            while process.running:
                time.sleep(_POLL_S)
        finally:
            process.stop()
        if not answer.exists():
            raise ContenderFailed(contender, log, log.read_text(errors="replace")[-_TAIL:])
        self.check(contender, spec)
        return Run.read(answer)

    def check(self, contender: str, spec: Spec) -> None:
        """Raise `EffectsLost` unless the run ended in exactly what the events must end in."""
        check_passes(contender, self.passed.fresh(), self._truth)
        check_documents(contender, spec.mongo_url, spec.database, self._truth)


@contextmanager
def ground(count: int, say: Say) -> Iterator[Ground]:
    """Start the servers in a temporary folder, publish the events, and remove it all at the end."""
    with tempfile.TemporaryDirectory(prefix="microcred-bench-") as name:
        folder = Path(name)
        with LocalStack("apache", folder) as stack:
            say(f"publishing {count} events")
            made = Ground(stack, folder, count)
            with closing(made.passed):
                yield made


async def _publish(bootstrap: str, count: int, truth: Truth) -> None:
    publisher = KafkaPublisher(bootstrap, topic_prefix=_PREFIX)
    waiting = events(count)
    while some := list(islice(waiting, _AT_ONCE)):
        await publisher.publish(some)
        for event in some:
            truth.fold(event)
    await publisher.close()
