"""Records that cannot be taken: their bytes untouched, and beside them where they stood and why they were refused."""

from shared.contracts.topics import dead_letters_of
from shared.kit.ledger import Batch, Record, Saying

PREFIX = "dlq-"


def dead_letter(service: str, batch: Batch, record: Record, error: Exception) -> Saying:
    """Return the dead letter of a refused record: original key, bytes and headers, and ours in front of them."""
    ours = {
        "topic": batch.topic,
        "partition": str(batch.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp),
        "error": type(error).__name__,
        "reason": str(error)[:2000],
    }
    headers = tuple((PREFIX + name, text.encode()) for name, text in ours.items())
    return Saying(
        dead_letters_of(service),
        record.key,
        record.value or b"",
        # A header without a value is laid down as an empty one: the client that produces takes nothing else.
        (*headers, *((name, bytes(text or b"")) for name, text in record.headers)),
    )


def told_of(saying: Saying) -> dict[str, str]:
    """Return what a dead letter says about its record; nothing for a saying that is no dead letter."""
    return {
        name.removeprefix(PREFIX): text.decode(errors="replace")
        for name, text in saying.headers
        if name.startswith(PREFIX)
    }
