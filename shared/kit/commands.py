"""What operators decide about dead letters, as records on the topic that the refused record stood on. Pure.

There they have a place among that topic's records: every replay decides the same at the same point. Services that they
are not addressed to pass them over.
"""

from dataclasses import dataclass
from typing import Literal

from shared.contracts.topics import bridge_of
from shared.kit.ledger import Record, Saying
from shared.kit.letters import PREFIX, Letter

Decision = Literal["redrive", "discard"]
_FIRST = PREFIX + "do"
_DECISIONS: dict[bytes, Decision] = {b"redrive": "redrive", b"discard": "discard"}


@dataclass(frozen=True, slots=True)
class Command:
    """One decision about one letter; `attempts` are those that whoever decided knew of.

    A command about a letter that was refused again meanwhile, or settled, does nothing: it may come twice.
    """

    do: Decision
    service: str
    letter: str
    attempts: int
    by: str
    why: str


def command_record(command: Command, letter: Letter, *, compacted: bool) -> Saying:
    """Return a command as the record to append: for a redrive with the untouched bytes, in the same partition.

    Where the latest of a key stands its key is its own, or it would take the place of a newer record of that key. On a
    topic of somebody else's nothing of ours may stand: a decision about its letter goes to a topic of the service, and
    the bytes stay where they are sealed.
    """
    ours = {
        "do": command.do,
        "for": command.service,
        "letter": command.letter,
        "attempts": str(command.attempts),
        "by": command.by,
        "why": command.why,
    }
    headers = tuple((PREFIX + name, text.encode()) for name, text in ours.items())
    if letter.sealed:
        return Saying(bridge_of(command.service), command.letter.encode(), b"", headers)
    record = letter.record
    return Saying(
        letter.topic,
        f"{PREFIX}{command.letter}".encode() if compacted else record.key,
        (record.value or b"") if command.do == "redrive" else b"",
        (*headers, *((name, bytes(text or b"")) for name, text in record.headers)),
        letter.partition,
    )


def command_of(record: Record) -> Command | None:
    """Return the command that a record is, or None for an event."""
    # The first header alone is looked at: this stands on the way of every event.
    if not record.headers or record.headers[0][0] != _FIRST:
        return None
    told = {name.removeprefix(PREFIX): text or b"" for name, text in record.headers[:6] if name.startswith(PREFIX)}
    decision = _DECISIONS.get(told["do"])
    attempts = told.get("attempts", b"")
    if decision is None or not attempts.isdigit():
        return None
    for_, letter, by, why = (told.get(name, b"").decode(errors="replace") for name in ("for", "letter", "by", "why"))
    return Command(decision, for_, letter, int(attempts), by, why)
