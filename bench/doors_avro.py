"""The door on Kafka, for `doors`: canonical events from Open edX's Avro, through one bridge process."""

from contextlib import closing
from pathlib import Path

from bench.avro_topic import AvroTruth, fill
from bench.contenders.spec import Run
from bench.ground import Log, ground
from bench.options import Options
from bench.truth import SaidLog
from shared.contracts.topics import PLATFORM_EVENTS
from shared.kit.topics_admin import create_topics

NAME = "Open edX Avro"
GOAL = 8_000
LEARNERS = 10_000
NOTE = """Open edX's Avro is on Kafka already: enrolments, grades and passing statuses in Confluent's wire format, by
the committed schemas; from the first to the last effect, and each said exactly what translating one by one says"""
_PREFIX = "avro."


def avro(options: Options) -> list[Run]:
    """Fill a topic, and let the bridge take it as often as asked."""
    with ground() as stage:
        create_topics(stage.bootstrap, prefix=_PREFIX)
        truth = AvroTruth(_PREFIX, Path(stage.secret))
        options.say(f"publishing {options.events} records of Open edX")
        fill(stage.bootstrap, _PREFIX, options.events, LEARNERS, truth)
        runs: list[Run] = []
        with closing(SaidLog(stage.bootstrap, _PREFIX, [PLATFORM_EVENTS.name])) as said:
            log = Log(_PREFIX, options.events, truth, said)
            for number in range(1, options.runs + 1):
                runs.append(stage.run("bridge", log))
                options.say(f"run {number} of {options.runs}: {NAME}: {runs[-1].rate:,.0f} events/s")
    return runs
