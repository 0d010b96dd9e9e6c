"""What a worker's log says of a chunk: each refused record and why, and, at debug, every event by its id."""

import logging

import structlog

from shared.kit.chunk import Committed
from shared.kit.letters import told_of

log = structlog.get_logger(__name__)


def note(committed: Committed) -> None:
    """Write a committed chunk into the log."""
    if committed.refused:
        for saying in committed.says:
            if told := told_of(saying):
                log.warning("record.refused", **told)
    if logging.getLogger(__name__).isEnabledFor(logging.DEBUG):
        log.debug("chunk.folded", events=committed.ids, skipped=committed.skipped, says=len(committed.says))
