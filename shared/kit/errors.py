"""What can go wrong in the engine.

KitError
├── RecordRefused       the record's fault: it goes to dead letters
├── ConflictError       another writer was faster: the transaction is tried again from its load
├── SnapshotExpired     what was read at one moment cannot be read on: a later moment is taken
├── StoreUnavailable    the database did not answer in time: retried, then the process ends
│   └── ChunkTooLarge   its cache does not hold what the chunk writes: done in halves
├── PublishFailed       the broker did not take an event: retried, then the process ends
├── FolderLost          the process that folds beside this one ended: so does this one
├── LogHole             a batch begins above the position: seek back
├── TakenOver           somebody else folds this partition now: what is in hand is dropped
├── LogReplaced         the topic is another one than the read models were made from
├── LogTruncated        the log no longer holds what has not been read yet
└── LogShortened        the log ends below the position
"""

#: Of a topic that is somebody else's nothing is kept but the position.
_FOREIGN_CURE = (
    "let its platform send again what is missing, remove what the collection `ledger` of this service's database "
    "holds of this topic, and start again: it is then read from its beginning"
)


class KitError(Exception):
    """Base of the engine's errors."""


class RecordRefused(KitError):
    """The record's fault: raised by a handler, it sends the record to dead letters."""

    def __init__(self, field: str, reason: str) -> None:
        """Name the field at fault and the cure."""
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ConflictError(KitError):
    """Another writer was faster; what was read is stale."""


class StoreUnavailable(KitError):
    """The database did not answer, or could not write, within the time given."""


class ChunkTooLarge(StoreUnavailable):
    """The database's cache does not hold what one transaction writes; of one record that cannot be made less."""


class SnapshotExpired(KitError):
    """The database does not remember the moment that is read any more."""


class PublishFailed(KitError):
    """The broker did not take an event within the time given."""


class FolderLost(KitError):
    """The process that folds beside this one ended, and with it what it had in hand: unacknowledged."""

    def __init__(self, status: int) -> None:
        """Tell its exit status, negative for the signal that ended it, and the cure."""
        cause = f"signal {-status}" if status < 0 else f"status {status}"
        super().__init__(
            f"the process that folds beside this one ended with {cause}: its last words stand in this log; if there "
            "are none, it may have been the memory limit, which holds for both together"
        )


class LogHole(KitError):
    """A batch begins above the position that the database holds: records between were never folded."""

    def __init__(self, topic: str, partition: int, position: int, begins: int) -> None:
        """Name the partition, where reading must go on, and where the batch began."""
        super().__init__(f"{topic}/{partition}: the batch begins at {begins}, the position is {position}; seeking back")
        self.topic = topic
        self.partition = partition
        self.position = position


class TakenOver(KitError):
    """Somebody else took a partition over: whoever commits after that says what nobody would say again."""

    def __init__(self, topic: str, partition: int) -> None:
        """Name the partition."""
        super().__init__(f"{topic}/{partition} was taken over by another worker: what is in hand of it is dropped")
        self.topic = topic
        self.partition = partition


class LogReplaced(KitError):
    """The topic was deleted and made again, or the broker's data were lost."""

    def __init__(self, topic: str, was: str, now: str, *, foreign: bool = False) -> None:
        """Name the topic and both ids, and the cure."""
        cure = "restore the broker's data, or drop this service's database so that it is made anew from the log"
        super().__init__(
            f"topic {topic} is not the log that this database was made from (topic id was {was}, is {now}): "
            f"{_FOREIGN_CURE if foreign else cure}"
        )


class LogTruncated(KitError):
    """Retention took away records that were never folded."""

    def __init__(self, topic: str, partition: int, position: int, first: int, *, foreign: bool = False) -> None:
        """Name the partition, the position and what is left, and the cure."""
        cure = "restore the topic from a backup, or drop this service's database to start from what is left"
        super().__init__(
            f"{topic}/{partition}: the log begins at {first}, but {position} has not been read yet: "
            f"{_FOREIGN_CURE if foreign else cure}, and raise retention.ms"
        )


class LogShortened(KitError):
    """The log ends before what has been read: the broker lost records that it had acknowledged."""

    def __init__(self, topic: str, partition: int, position: int) -> None:
        """Name the partition and the position, and the cure."""
        super().__init__(
            f"{topic}/{partition}: {position} has been read, but the log does not reach there any more: restore the "
            "broker's data, or drop this service's database so that it is made anew from the log"
        )
