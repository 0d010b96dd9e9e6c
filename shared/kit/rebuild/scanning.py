"""Looking through a topic for the records of a few keys, beside the service."""

from collections.abc import Collection, Iterator, Mapping

from shared.contracts.topics import Topic
from shared.kit.ledger import Record
from shared.kit.rebuild.log_reader import LogReader
from shared.kit.rebuild.merge import Lane

_WAIT_S = 1.0


def scan(
    bootstrap: str, prefix: str, topic: Topic, until: Mapping[int, int], keys: Collection[bytes]
) -> Iterator[Record]:
    """Yield the records of these keys from the beginning up to `until` of each partition; blocks while it reads.

    All partitions are read: who writes to the log itself may have chosen another one for a key than we would.

    Raises:
        LogIncomplete: the log does not begin at its beginning.
        NothingComes: the broker sends nothing that it should hold.

    """
    lanes = [Lane(topic.name, "", partition, 0, target=end) for partition, end in until.items()]
    wanted = frozenset(keys)
    reader = LogReader(bootstrap, prefix, lanes)
    try:
        while not all(lane.ended for lane in lanes):
            reader.read(_WAIT_S)
            for lane in lanes:
                while lane.ready:
                    record = lane.take()
                    lane.position = record.offset + 1
                    if record.key in wanted:
                        yield record
                lane.held.clear()
                lane.bytes = 0
    finally:
        reader.close()
