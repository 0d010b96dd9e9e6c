"""The indexes that a worker's collections need, whatever their generation."""

from shared.kit.ledger import LEDGER
from shared.kit.parking import PARKED, PARKED_RECORDS
from shared.kit.sweeper import WAITING
from shared.kit.teller import UNTOLD
from shared.kit.worker import Worker

Indexes = dict[str, list[tuple[tuple[str, int], ...]]]
"""By collection; each index a list of (field, 1 or -1)."""


def indexes_of(worker: Worker) -> Indexes:
    """Return the indexes of a worker's models, tallies and ledger, and of what waits behind its dead letters."""
    indexes: Indexes = {
        LEDGER: [(("topic", 1),)],
        worker.letters: [(("status", 1), ("place", 1))],
        PARKED: [(("letter", 1),)],
        PARKED_RECORDS: [],
    }
    for model in worker.models:
        indexes[model.collection] = list(model.indexes)
    for tally in worker.tallies:
        indexes[tally.collection] = list(tally.indexes)
    for sweep in worker.sweeping:
        indexes[sweep.model.collection].append(((WAITING, 1), ("_id", 1)))
    for telling in worker.telling:
        indexes[telling.ruled.collection].append(((UNTOLD, 1), ("_id", 1)))
    return indexes
