"""`hop`: one record through one worker on an idle system, from the append until its outcome can be read."""

import asyncio
import time
from collections.abc import Mapping
from statistics import median

from bench.cohorts import completions
from bench.contenders.spec import Spec
from bench.ground import Ground, Log, ground
from bench.machine import versions
from bench.options import Bench, Options
from bench.report import Report
from bench.samples import COLUMNS, percentile, rows
from bench.verdict import Figure
from bench.watcher import Watcher
from shared.contracts.topics import PASSED
from shared.kit.producer import KafkaPublisher

GOAL_MS = 20
EVERY_S = 1 / 50
_WARM = 100
_PATIENCE_S = 60.0
_NOTES = (
    """from handing the record to the producer until a consumer that waits has its outcome: two appends with acks=all,
two fetches, one transaction committed by majority; 50 records a second, each the pass of another learner""",
    "the sender and the reader are one process beside the worker, and share the processors with it and the servers",
)


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Send one completing attempt after the other, in every run to a worker of its own."""
    runs: list[list[float]] = []
    with ground() as stage:
        for number in range(1, options.runs + 1):
            log = stage.grading(0, 1, f"hop{number}")
            runs.append(_run(stage, log, number, options.events))
            options.say(f"run {number} of {options.runs}: p99 {percentile(runs[-1], 0.99):.1f} ms")
        seen = versions(stage.mongo_url)
    p99 = median(percentile(run, 0.99) for run in runs)
    return Report(
        name="hop",
        title="one hop on an idle system, 50 records a second",
        columns=COLUMNS,
        rows=rows(runs),
        figures=(
            Figure("hop median", median(percentile(run, 0.5) for run in runs), "ms", GOAL_MS, at_least=False, digits=1),
            Figure("hop", p99, "ms p99", GOAL_MS, at_least=False, digits=1),
        ),
        notes=_NOTES,
        raw=runs,
    ), seen


def _run(stage: Ground, log: Log, number: int, samples: int) -> list[float]:
    spec = stage.spec(log)
    with stage.process("serving", spec), Watcher(spec.bootstrap, spec.prefix + PASSED.name) as watcher:
        return asyncio.run(_samples(spec, watcher, number, samples))


async def _samples(spec: Spec, watcher: Watcher, number: int, samples: int) -> list[float]:
    """Return the milliseconds of each sample, without the first ones, in which all is made."""
    publisher = KafkaPublisher(spec.bootstrap, topic_prefix=spec.prefix)
    before, last = completions(samples + _WARM, seed=number)
    await publisher.publish(before)
    clock = asyncio.get_running_loop().time
    sent: dict[str, float] = {}
    waiting: set[asyncio.Task[None]] = set()
    # The first pass tells that the worker has joined and has folded what came before.
    due = clock()
    for place, event in enumerate(last):
        sent[event.key] = time.perf_counter()
        task = asyncio.create_task(publisher.publish([event]))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
        if place == 0:
            await watcher.wait_for(1, _PATIENCE_S)
            due = clock()
        due += EVERY_S
        await asyncio.sleep(max(due - clock(), 0))
    await watcher.wait_for(len(last), _PATIENCE_S)
    await publisher.close()
    return [(watcher.seen[event.key] - sent[event.key]) * 1000 for event in last[_WARM:]]


BENCH = Bench(runs=5, events=1_000, unit="samples", measure=measure)
