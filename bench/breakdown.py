"""`breakdown`: where one event's time goes, step by step, in one process and without Faust."""

import asyncio
from collections.abc import Mapping

from bench.cohorts import LEARNERS
from bench.contenders.reader import Reader
from bench.contenders.spec import Spec
from bench.ground import ground
from bench.machine import versions
from bench.options import Bench, Options
from bench.report import Report
from bench.stopwatch import Spent, Stopwatch, TimedStore, timed_worker
from bench.verdict import Figure
from shared.contracts.topics import ASSESSED
from shared.kit.chunk import commit
from shared.kit.mongo import MongoStore
from shared.kit.producer import KafkaPublisher

GOAL_US = 100
"""10,000 events/s."""

STEPS = {
    "poll": "poll: records from the broker's client",
    "decode": "decode: bytes to a validated contract",
    "route": "route: ids of documents, records to steps",
    "begin": "begin: session, ledger read",
    "load": "load: the touched documents",
    "from document": "fold: documents to states",
    "handle": "fold: the handlers",
    "to document": "fold: states to documents",
    "sort out": "fold: what surrounds the handlers, ledger entries",
    "write": "write: ledger and documents",
    "commit": "commit: majority",
    "say": "say: append and await",
}


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Fold all events under the stopwatch, as often as asked; the median run by total is shown."""
    runs: list[dict[str, Spent]] = []
    with ground() as stage:
        options.say(f"publishing {options.events} events")
        log = stage.grading(options.events, LEARNERS)
        for number in range(1, options.runs + 1):
            spec = stage.spec(log)
            runs.append(asyncio.run(_run(spec)))
            stage.check("breakdown", spec, log)
            options.say(f"run {number} of {options.runs}: {_total(runs[-1]) / options.events * 1e6:.1f} us/event")
        seen = versions(stage.mongo_url)
    chosen = sorted(runs, key=_total)[len(runs) // 2]
    whole = _total(chosen)
    return Report(
        name="breakdown",
        title="one event's time, step by step",
        columns=("step", "us/event", "CPU of the process", "share"),
        rows=[_row(STEPS[step], chosen[step], options.events, whole) for step in STEPS],
        figures=(Figure("breakdown", whole / options.events * 1e6, "us/event", GOAL_US, at_least=False, digits=1),),
        notes=(
            "what is not CPU is waiting for the servers; drivers have threads of their own, so CPU may exceed the time",
        ),
        raw=[{step: spent.wall for step, spent in run.items()} for run in runs],
    ), seen


async def _run(spec: Spec) -> dict[str, Spent]:
    watch = Stopwatch()
    worker = timed_worker(watch)
    store = TimedStore(MongoStore(spec.mongo_url, spec.database), watch)
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    reader = Reader(spec, ASSESSED)
    done = 0
    watch.lap("start")
    while done < spec.events:
        batches = reader.batches(spec.settings.fetch_records)
        watch.lap("poll")
        if not batches:
            continue
        watch.decode_apart(batches)
        committed = await commit(worker, batches, store)
        watch.lap("commit")
        await publisher.say(committed.says)
        watch.lap("say")
        done += committed.events
    reader.close()
    await publisher.close()
    await store.close()
    return watch.spent


def _total(spent: Mapping[str, Spent]) -> float:
    return sum(spent[step].wall for step in STEPS)


def _row(title: str, spent: Spent, events: int, whole: float) -> tuple[str, ...]:
    return title, f"{spent.wall / events * 1e6:.2f}", f"{spent.cpu / events * 1e6:.2f}", f"{spent.wall / whole:.1%}"


BENCH = Bench(runs=5, events=200_000, unit="events", measure=measure)
