"""Dead letters: what a refused record leaves behind, as a record on the log and as a document. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from shared.contracts.topics import Topic, dead_letters_of
from shared.contracts.wire import UnknownVersion
from shared.kit.errors import RecordRefused
from shared.kit.foreign import Codec
from shared.kit.ledger import Record, Saying
from shared.kit.store import Document

LETTERS = "letters"
PREFIX = "dlq-"
"""What the headers begin with that are ours."""

Status = Literal["open", "redriven", "discarded"]
_LONGEST_REASON = 2_000
KEPT_BYTES = 4 * 1024 * 1024
"""What is larger is only pointed at: compressed, a record of any size may stand on a topic."""


def parks(error: Exception, topic: Topic) -> bool:
    """Tell whether a refusal makes the later records of its key wait until somebody has decided about it.

    Only where a redrive can cure it: a newer release knows the version, or the handler takes the event one day. Bytes
    that say nothing must not hold a learner up. Where the latest of a key stands, the next replaces the refused one.
    """
    return not topic.compacted and isinstance(error, RecordRefused | UnknownVersion)


@dataclass(frozen=True, slots=True)
class Letter:
    """A refused record as it stood, why it was refused, and what became of it.

    `attempts` counts the refusals; `first_failed` is the moment of the first, in milliseconds since 1970. `settled`
    tells who decided about it and why: `{"by": ..., "why": ...}`.
    """

    topic: str
    partition: int
    record: Record
    error: str
    reason: str
    parks: bool
    first_failed: int
    attempts: int = 1
    status: Status = "open"
    settled: Mapping[str, str] | None = None
    whole: bool = True
    sealed: bool = False

    @classmethod
    def of(cls, topic: Topic, partition: int, record: Record, error: Exception, moment: int) -> Self:
        """Return the letter of a record that was refused at this moment for the first time.

        It is not `whole` where the record is too large to be kept; the topic has the bytes.
        """
        reason, size = reason_of(error), len(record.value or b"")
        whole = size <= KEPT_BYTES
        kept = record if whole else record._replace(value=None)
        holds = parks(error, topic)
        return cls(topic.name, partition, kept, type(error).__name__, reason, holds, moment, whole=whole)

    def sealed_by(self, codec: Codec) -> Self:
        """Return the letter of a foreign record, which may name people.

        It holds up no key, which is a course's or whatever else others chose.
        """
        return replace(self, record=codec.seal(self.record), parks=False, sealed=True)

    @property
    def id(self) -> str:
        """Where the record first stood: `<topic>/<partition>/<offset>`."""
        return letter_id(self.topic, self.partition, self.record.offset)

    def refused_again(self, error: Exception, *, parks: bool) -> Self:
        """Return the letter after one more refusal."""
        return replace(
            self, error=type(error).__name__, reason=reason_of(error), parks=parks, attempts=self.attempts + 1
        )

    def settle(self, status: Status, settled: Mapping[str, str]) -> Self:
        """Return the letter after somebody's decision about it was carried out; what was sealed has had its day."""
        settled_now = replace(self, status=status, settled=settled)
        return settled_now.without_bytes() if self.sealed else settled_now

    def without_bytes(self) -> Self:
        """Return the letter of a record whose bytes are not kept any longer: nothing can be redriven from it."""
        return replace(self, record=self.record._replace(value=None), whole=False)

    def said(self, service: str) -> Saying:
        """Return the dead letter as a record: original key, bytes and headers, and ours in front of them.

        Of a sealed one its place alone: what stands on the log cannot be taken back.
        """
        ours = {
            "letter": self.id,
            "topic": self.topic,
            "partition": str(self.partition),
            "offset": str(self.record.offset),
            "timestamp": str(self.record.timestamp),
            "error": self.error,
            "reason": self.reason,
            "attempts": str(self.attempts),
            "first-failed": str(self.first_failed),
        }
        headers = tuple((PREFIX + name, text.encode()) for name, text in ours.items())
        if self.sealed:
            return Saying(dead_letters_of(service), self.id.encode(), b"", headers)
        # A header without a value is laid down as an empty one: the client that produces takes nothing else.
        theirs = tuple((name, bytes(text or b"")) for name, text in self.record.headers)
        return Saying(dead_letters_of(service), self.record.key, self.record.value or b"", (*headers, *theirs))

    def document(self) -> Document:
        """Return the letter as it is stored; `place` sorts letters as their records stood."""
        return {
            "_id": self.id,
            "place": f"{self.topic}/{self.partition:05d}/{self.record.offset:020d}",
            "topic": self.topic,
            "partition": self.partition,
            **record_document(self.record),
            "error": self.error,
            "reason": self.reason,
            "parks": self.parks,
            "first_failed": self.first_failed,
            "attempts": self.attempts,
            "status": self.status,
            "settled": self.settled and dict(self.settled),
            "whole": self.whole,
            **({"sealed": True} if self.sealed else {}),
        }

    @classmethod
    def load(cls, document: Document) -> Self:
        """Return the letter that `document` was given."""
        return cls(
            document["topic"],
            document["partition"],
            record_of(document),
            document["error"],
            document["reason"],
            document["parks"],
            document["first_failed"],
            document["attempts"],
            document["status"],
            document["settled"],
            document["whole"],
            document.get("sealed", False),
        )


def letter_id(topic: str, partition: int, offset: int) -> str:
    """Return the id of the letter of the record at this place."""
    return f"{topic}/{partition}/{offset}"


def reason_of(error: Exception) -> str:
    """Return what an error says, within a bound."""
    return str(error)[:_LONGEST_REASON]


def record_document(record: Record) -> dict[str, Any]:
    """Return a record as the fields of a document."""
    return {
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": record.key,
        "value": record.value,
        "headers": [[name, text] for name, text in record.headers],
    }


def record_of(document: Mapping[str, Any]) -> Record:
    """Return the record that `record_document` was given."""
    headers = tuple((name, text) for name, text in document["headers"])
    return Record(document["offset"], document["timestamp"], document["key"], document["value"], headers)


def told_of(saying: Saying) -> dict[str, str]:
    """Return what a dead letter says about its record; nothing for a saying that is no dead letter."""
    return {
        name.removeprefix(PREFIX): text.decode(errors="replace")
        for name, text in saying.headers
        if name.startswith(PREFIX)
    }
