"""`doors`: what platforms send in their own formats, until it stands on the log in ours: over HTTP, and from Kafka."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median

from bench.contenders.spec import Run
from bench.doors_avro import GOAL as GOAL_AVRO
from bench.doors_avro import NAME as AVRO
from bench.doors_avro import NOTE as NOTE_AVRO
from bench.doors_avro import avro
from bench.doorway import APIS, CONNECTIONS, Doorway, doorway
from bench.machine import versions
from bench.options import Bench, Options
from bench.platform_bodies import BATCH, Bodies, caliper, xapi
from bench.report import Report
from bench.spent import cpu_seconds, since
from bench.verdict import Figure

GOAL = 15_000


@dataclass(frozen=True, slots=True)
class Door:
    """One format over HTTP: where it is sent, and what."""

    name: str
    path: str
    bodies: Bodies


DOORS = (Door("xAPI", "/xapi/statements", xapi), Door("Caliper", "/caliper", caliper))
_COLUMNS = ("format", "run", "events/s", "seconds", "service us/event", "Kafka us/event", "sender us/event")
_NOTES = (
    f"{CONNECTIONS} connections, {BATCH} statements or events in a request, one canonical event of each on the log",
    "from the first request's beginning to the last answer: the log had everything then (acks=all)",
    "afterwards every event is read from the log, and must stand there exactly once",
    f"{APIS} API processes; broker, database and sender share the processors with them; no worker runs meanwhile",
    NOTE_AVRO,
)


@dataclass(frozen=True, slots=True)
class Rush:
    """One run of one format; `spent` is the processor time of each part."""

    format: str
    events: int
    seconds: float
    spent: Mapping[str, float]

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds

    def row(self, number: int) -> tuple[str, ...]:
        """Return the run as text."""
        each = (self.spent[part] / self.events * 1e6 for part in ("enrolment", "kafka", "sender"))
        return (
            self.format,
            str(number),
            f"{self.rate:,.0f}",
            f"{self.seconds:.2f}",
            *(f"{spent:.1f}" for spent in each),
        )


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Send every format in turn, a run after the other, each with ids of its own."""
    rushes: dict[str, list[Rush]] = {door.name: [] for door in DOORS}
    with doorway() as way:
        for door in DOORS:  # connections, code and the broker's segments are warm then
            _rush(way, door, "warm", BATCH * CONNECTIONS)
        for number in range(1, options.runs + 1):
            for door in DOORS:
                rushes[door.name].append(_rush(way, door, f"run-{number}", options.events))
                options.say(f"run {number} of {options.runs}: {door.name}: {rushes[door.name][-1].rate:,.0f} events/s")
        seen = versions(way.stack.mongo_url)
    bridged = avro(options)
    rates = {name: median(rush.rate for rush in found) for name, found in rushes.items()}
    rows = [rush.row(number) for found in rushes.values() for number, rush in enumerate(found, 1)]
    return Report(
        name="doors",
        title="from a platform's payload to canonical events on the log",
        columns=_COLUMNS,
        rows=[*rows, *(_bridged(number, run) for number, run in enumerate(bridged, 1))],
        # The bench's own figure, the last, is the slower of both over HTTP.
        figures=(
            *(Figure(f"doors, {name}", rate, "events/s", GOAL) for name, rate in rates.items()),
            Figure(f"doors, {AVRO}", median(run.rate for run in bridged), "events/s", GOAL_AVRO),
            Figure("doors", min(rates.values()), "events/s", GOAL),
        ),
        notes=_NOTES,
        raw={
            "http": [asdict(rush) for found in rushes.values() for rush in found],
            AVRO: [run.rate for run in bridged],
        },
    ), seen


def _rush(way: Doorway, door: Door, name: str, events: int) -> Rush:
    bodies = list(door.bodies(f"{door.name}-{name}", events))
    before = cpu_seconds()
    seconds = way.send(door.path, bodies)
    spent = since(before)
    way.check(door.name, events)
    return Rush(door.name, events, seconds, spent)


def _bridged(number: int, run: Run) -> tuple[str, ...]:
    events = run.marks[-1].events
    return AVRO, str(number), f"{run.rate:,.0f}", f"{events / run.rate:.2f}", f"{run.cpu_us:.1f}", "", ""


BENCH = Bench(runs=5, events=60_000, unit="events", measure=measure)
