"""The ground that the engine's benches stand on: Apache Kafka and mongod on this machine, logs full of work."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from bench.cohorts import Truth as Grading
from bench.cohorts import events
from bench.contenders.spec import Run, Spec
from bench.errors import ContenderFailed, PeerMissing
from bench.shipped import Truth as Shipped
from bench.shipped import enrolment, offering, results
from bench.truth import SaidLog, Truth, check_documents, check_said
from deploy.local.process import Process
from deploy.local.stack import LocalStack
from shared.contracts.envelope import Event
from shared.kit.producer import KafkaPublisher
from shared.kit.secret import ensure_secret
from shared.kit.topics_admin import create_topics

Say = Callable[[str], None]

_POLL_S = 0.2
_TAIL = 1500
_AT_ONCE = 10_000
_ROOT = Path(__file__).parent.parent
#: Peers that cannot live beside our versions, and the Python of the environment that `deploy/environment` makes.
_ELSEWHERE = {"quix_one": _ROOT / ".venv-quix/bin/python"}


@dataclass(frozen=True, slots=True)
class Log:
    """Topics of their own, full of `count` measured events, and what folding them must end in."""

    prefix: str
    count: int
    truth: Truth
    said: SaidLog


class Ground:
    """Servers, logs full of events, and a fresh database for every run that folds them."""

    def __init__(self, stack: LocalStack, folder: Path) -> None:
        """Make nothing yet but the secret."""
        self.mongo_url = stack.mongo_url
        self.bootstrap = stack.bootstrap
        self._folder = folder
        self.secret = ensure_secret(folder / "secret")
        self._runs = 0
        self._open = ExitStack()

    def log(self, name: str, count: int, work: Iterable[Event], truth: Truth) -> Log:
        """Return a log with this work on it: `count` measured events, and what must be there before them."""
        prefix = f"{name}."
        create_topics(self.bootstrap, prefix=prefix)
        asyncio.run(_publish(self.bootstrap, prefix, work))
        said = SaidLog(self.bootstrap, prefix, truth.said)
        self._open.callback(said.close)
        return Log(prefix, count, truth, said)

    def grading(self, count: int, learners: int, name: str = "bench") -> Log:
        """Return a log with the work that all peers share."""
        truth = Grading()
        return self.log(name, count, truth.taking(events(count, learners=learners)), truth)

    def shipped(self, count: int, learners: int, name: str = "shipped") -> Log:
        """Return a log with the work of the assessment service as it ships."""
        refs = [f"learner-{number:05d}" for number in range(learners)]
        work: Iterator[Event] = chain([offering()], map(enrolment, refs), results(refs, count))
        truth = Shipped()
        return self.log(name, count, truth.taking(work), truth)

    def spec(self, log: Log, database: str | None = None) -> Spec:
        """Return what the next run is told: a database of its own, unless one is named."""
        self._runs += 1
        return Spec(
            bootstrap=self.bootstrap,
            mongo_url=self.mongo_url,
            database=database or f"run{self._runs}",
            prefix=log.prefix,
            secret=str(self.secret),
            events=log.count,
            answer=str(self._folder / f"run{self._runs}.json"),
        )

    def run(self, contender: str, log: Log) -> Run:
        """Let a contender fold all events in a process of its own, and check what it left.

        Raises:
            ContenderFailed: it ended with an error.
            EffectsLost: something is missing, doubled or different.

        """
        spec = self.spec(log)
        run = self.answer(contender, spec)
        self.check(contender, spec, log)
        return run

    def answer(self, contender: str, spec: Spec) -> Run:
        """Return the run of a contender, unchecked."""
        answer = Path(spec.answer)
        with self.process(contender, spec) as process:
            while process.running:
                time.sleep(_POLL_S)
        if not answer.exists():
            raise ContenderFailed(contender, process.log, process.log.read_text(errors="replace")[-_TAIL:])
        return Run.read(answer)

    @contextmanager
    def process(self, contender: str, spec: Spec) -> Iterator[Process]:
        """Run a contender in a process of its own, and stop it at the end."""
        told = Path(spec.answer).with_suffix(".spec")
        spec.write(told)
        python = _ELSEWHERE.get(contender, Path(sys.executable))
        if not python.exists():
            raise PeerMissing(contender, python)
        command = (str(python), "-m", "bench.contenders", contender, str(told))
        process = Process(contender, command, told.with_suffix(".log"))
        try:
            yield process
        finally:
            process.stop()

    def check(self, contender: str, spec: Spec, log: Log) -> None:
        """Raise `EffectsLost` unless the run ended in exactly what the events must end in; drop its database."""
        check_said(contender, log.said.fresh(), log.truth)
        check_documents(contender, spec.mongo_url, spec.database, log.truth)

    def close(self) -> None:
        """Disconnect."""
        self._open.close()


@contextmanager
def ground(cache_gb: float = 0.5) -> Iterator[Ground]:
    """Start the servers in a temporary folder, the database with this cache, and remove it all at the end."""
    with tempfile.TemporaryDirectory(prefix="microcred-bench-") as name:
        folder = Path(name)
        with LocalStack("apache", folder, cache_gb=cache_gb) as stack:
            made = Ground(stack, folder)
            try:
                yield made
            finally:
                made.close()


async def _publish(bootstrap: str, prefix: str, work: Iterable[Event]) -> None:
    publisher = KafkaPublisher(bootstrap, topic_prefix=prefix)
    waiting = iter(work)
    while some := list(islice(waiting, _AT_ONCE)):
        await publisher.publish(some)
    await publisher.close()
