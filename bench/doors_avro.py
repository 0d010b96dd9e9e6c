"""The second figure of `doors`: canonical events from Open edX's Avro on Kafka, through one bridge process."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.avro_topic import AvroTruth, fill
from bench.contenders.spec import Run
from bench.ground import Ground, Log, ground
from bench.machine import versions
from bench.options import Bench, Options
from bench.report import Report
from bench.truth import SaidLog
from bench.verdict import Figure
from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.topics_admin import create_topics

GOAL = 8_000
LEARNERS = 10_000
COLUMNS = ("door", "events", "events/s", "slowest", "fastest", "CPU us", "chunk", "MiB")
NOTES = (
    """Avro on Kafka: enrolments, grades and passing statuses in Confluent's wire format, by the committed schemas; each
record is one canonical event, and is done when its position is in the database and the event on `platform.events`.""",
    """Medians of the runs, from first to last effect; each said exactly what translating record by record says.""",
)


@dataclass(frozen=True, slots=True)
class Avro:
    """What was measured: a row of the table, its figure, and each run's rate."""

    row: Sequence[str]
    figure: Figure
    rates: Sequence[float]


def avro(stage: Ground, options: Options) -> Avro:
    """Fill a topic, and let the bridge take it as often as asked."""
    prefix = "avro."
    create_topics(stage.bootstrap, prefix=prefix)
    truth = AvroTruth(prefix, Path(stage.secret))
    options.say(f"publishing {options.events} records of Open edX")
    fill(stage.bootstrap, prefix, options.events, LEARNERS, truth)
    runs: list[Run] = []
    with closing(SaidLog(stage.bootstrap, prefix, [PLATFORM_EVENTS.name])) as said:
        log = Log(prefix, options.events, truth, said)
        for number in range(1, options.runs + 1):
            runs.append(stage.run("bridge", log))
            options.say(f"run {number} of {options.runs}: Avro on Kafka {runs[-1].rate:.0f} events/s")
    rates = [run.rate for run in runs]
    return Avro(_row(runs), Figure("doors avro", median(rates), "events/s", GOAL), rates)


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Measure this door alone."""
    with ground() as stage:
        found = avro(stage, options)
        seen = versions(stage.mongo_url)
    return Report(
        name="doors-avro",
        title="Open edX's event bus in, canonical events out; one bridge process",
        columns=COLUMNS,
        rows=[found.row],
        figures=(found.figure,),
        notes=NOTES,
        raw=found.rates,
    ), seen


def _row(runs: Sequence[Run]) -> tuple[str, ...]:
    rates = [run.rate for run in runs]
    return (
        "Avro on Kafka",
        str(runs[0].marks[-1].events),
        *(f"{rate:.0f}" for rate in (median(rates), min(rates), max(rates))),
        f"{median(run.cpu_us for run in runs):.1f}",
        f"{median(run.chunk for run in runs):.0f}",
        f"{median(run.megabytes for run in runs):.0f}",
    )


BENCH = Bench(runs=5, events=200_000, unit="events", measure=measure)
