"""`issuing`: from `passed` on the log to credentials that are signed, stored and announced, by one worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from statistics import median

from bench.awarded import SAMPLE, Truth, awards_of, check_awards
from bench.contenders.issuance import NAMES, ring
from bench.contenders.spec import Run
from bench.graduates import passes, rich
from bench.ground import Ground, Log, ground
from bench.machine import versions
from bench.options import Bench, Options
from bench.report import Report
from bench.shipped import offering as plain
from bench.spent import cpu_seconds, since
from bench.truth import check_said
from bench.verdict import Figure
from shared.contracts.enrolment import OfferingPublished

GOAL = 2_500
OFFERINGS = {"rich": rich, "plain": plain}

_COLUMNS = ("offering", "credentials", "a second", "slowest", "fastest", "CPU us", "mongod CPU us", "chunk", "MiB")
_NOTES = (
    """The issuance service's worker as it ships, with its indexes and a key in a file: `passed` in, one signed
credential stored for each, `issued` out. From the second chunk's effect to the last one's: two go side by side.""",
    """rich: all that the demonstration's offerings say, four marked components, two pieces of work to show, a term,
dates and an end; plain: what an offering must say, four marked components, dates.""",
    """CPU us: of worker and process beside, a credential; mongod CPU us: of the database; MiB: the most memory
of the worker""",
    f"""After every run each pass had exactly one credential that says what the pass says, at an entry of its own, and
was announced exactly once; openbadgeslib accepted {SAMPLE} of them, and refused them with another grade.""",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One row: a log full of passes, what must become of them, and the runs so far with mongod's seconds."""

    name: str
    log: Log
    truth: Truth
    runs: list[tuple[Run, float]] = field(default_factory=list)

    def run(self, stage: Ground) -> Run:
        """Let the worker issue them all into a database of its own, and check."""
        spec = stage.spec(self.log)
        before = cpu_seconds()
        # Two lanes of chunks go side by side: what both began with is left out, for its beginning was not seen.
        run = Run(stage.answer("issuance", spec).marks[1:])
        self.runs.append((run, since(before)["mongod"]))
        check_said(self.name, self.log.said.fresh(), self.truth)
        check_awards(self.name, awards_of(spec.mongo_url, spec.database), self.truth, NAMES, ring(spec))
        return run

    @property
    def rates(self) -> Sequence[float]:
        """Credentials a second, run by run."""
        return [run.rate for run, _ in self.runs]

    def row(self) -> tuple[str, ...]:
        """Return what was measured, as text."""
        runs = [run for run, _ in self.runs]
        return (
            self.name,
            f"{self.log.count:,}",
            *(f"{cut(self.rates):.0f}" for cut in (median, min, max)),
            f"{median(run.cpu_us for run in runs):.0f}",
            f"{median(seconds for _, seconds in self.runs) / self.log.count * 1e6:.0f}",
            f"{median(run.chunk for run in runs):.0f}",
            f"{median(run.megabytes for run in runs):.0f}",
        )


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Issue for rich and plain passes in turn, as often as asked."""
    with ground() as stage:
        options.say(f"publishing {options.events} passes of each offering")
        cases = [_case(stage, name, offering(), options.events) for name, offering in OFFERINGS.items()]
        for number in range(1, options.runs + 1):
            for case in cases:
                rate = case.run(stage).rate
                options.say(f"run {number} of {options.runs}: {case.name} {rate:.0f} credentials/s")
        seen = versions(stage.mongo_url)
    of_rich, of_plain = (median(case.rates) for case in cases)
    return Report(
        name="issuing",
        title="from a pass on the log to the credential, signed, stored and announced; one worker",
        columns=_COLUMNS,
        rows=[case.row() for case in cases],
        figures=(
            Figure("issuing plain", of_plain, "credentials/s", GOAL),
            Figure("issuing", of_rich, "credentials/s", GOAL),
        ),
        notes=_NOTES,
        raw={case.name: case.rates for case in cases},
    ), seen


def _case(stage: Ground, name: str, offering: OfferingPublished, count: int) -> Case:
    truth = Truth()
    log = stage.log(name, count, chain([offering], truth.taking(passes(offering, count))), truth)
    return Case(name, log, truth)


BENCH = Bench(runs=5, events=60_000, unit="credentials", measure=measure)
