"""One service, held against the truth: everything in MongoDB, everything on its output topics."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.topics import TOPICS, dead_letters_of
from shared.kit.topics_admin import TopicsAdmin
from shared.kit.worker import Worker
from tests.chaos.checker.documents import compare_documents, held_by
from tests.chaos.checker.findings import Finding
from tests.chaos.checker.log import Stored, read_log
from tests.chaos.checker.outputs import compare_letters, compare_outputs
from tests.chaos.checker.truth import Truth

Ends = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was compared, and what was found: `inputs` records made `outputs` events and `refused` dead letters."""

    inputs: int
    documents: int
    outputs: int
    refused: int
    findings: tuple[Finding, ...]

    def count(self, kind: str) -> int:
        """Return how many findings are of this kind."""
        return sum(each.kind == kind for each in self.findings)

    def plus(self, other: "Verdict") -> "Verdict":
        """Return both together."""
        return Verdict(
            self.inputs + other.inputs,
            self.documents + other.documents,
            self.outputs + other.outputs,
            self.refused + other.refused,
            (*self.findings, *other.findings),
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """The service to check: its table, its topics' prefix and its database."""

    worker: Worker
    bootstrap: str
    prefix: str
    mongo_url: str
    database: str

    @property
    def output_topics(self) -> tuple[str, ...]:
        """The topics that only this service writes; what the feed writes for it is an input."""
        heard = {topic.name for topic in self.worker.topics}
        said = (topic.name for topic in TOPICS if topic.published_by == self.worker.service)
        return tuple(topic for topic in said if topic not in heard)

    @property
    def letters_topic(self) -> str:
        """Where its dead letters are."""
        return dead_letters_of(self.worker.service)

    def check(self, since: Ends | None = None) -> Verdict:
        """Compare everything.

        `since` leaves out outputs below these offsets: they follow from a log that is gone, and were checked then.
        """
        topics = [topic.name for topic in self.worker.topics]
        inputs = read_log(self.bootstrap, self.prefix, topics)
        truth = Truth(self.worker, TopicsAdmin(self.bootstrap, prefix=self.prefix).ids(topics))
        truth.take_all(inputs.records)
        held = held_by(self.mongo_url, self.database)
        said = read_log(self.bootstrap, self.prefix, self.output_topics)
        letters = read_log(self.bootstrap, self.prefix, [self.letters_topic]).records[self.letters_topic]
        findings = (
            *compare_documents(truth, held, inputs.ends),
            *compare_outputs(truth.outputs, _later([one for each in said.records.values() for one in each], since)),
            *compare_letters(truth.refusals, _later(letters, since)),
        )
        return Verdict(
            sum(map(len, inputs.records.values())),
            sum(map(len, truth.documents.values())),
            len(truth.outputs),
            len(truth.refusals),
            findings,
        )

    def output_ends(self) -> Ends:
        """Return where the output topics end now."""
        return read_log(self.bootstrap, self.prefix, [*self.output_topics, self.letters_topic]).ends


def _later(records: list[Stored], since: Ends | None) -> list[Stored]:
    if since is None:
        return records
    return [each for each in records if each.offset >= since.get((each.topic, each.partition), 0)]
