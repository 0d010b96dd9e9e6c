"""Whether a worker gets on: what the liveness probe asks, and what the metrics of the stream count."""

import time
from collections.abc import Callable, Mapping, Sequence

from shared.kit.chunk import Outcome
from shared.kit.ledger import Batch
from shared.kit.metrics import Metrics


class Progress:
    """Liveness by progress: a worker is stalled when records wait for it and it finishes no chunk.

    Whether broker and database can be reached is no part of it: a restart would not bring them back.
    """

    def __init__(self, metrics: Metrics | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing to do; `clock` counts seconds."""
        self.metrics = metrics or Metrics()
        self._clock = clock
        self._since = clock()
        self._waiting = 0

    def beat(self) -> None:
        """Note that a chunk was finished."""
        self._since = self._clock()

    def behind(self, lags: Mapping[tuple[str, int], int]) -> None:
        """Note the lag of every assigned partition, `{(topic, partition): records}`; those not named are not ours."""
        if not self._waiting:  # an idle worker owes nothing: its time runs from the first record that waits
            self.beat()
        self._waiting = sum(lags.values())
        self.metrics.lag.clear()
        for (topic, partition), records in lags.items():
            self.metrics.lag.labels(topic, str(partition)).set(records)

    def stalled(self, after_s: float) -> bool:
        """Tell whether records have waited for longer than this without a finished chunk."""
        return self._waiting > 0 and self._clock() - self._since > after_s

    def chunk(self, batches: Sequence[Batch], outcome: Outcome, seconds: float) -> None:
        """Count a finished chunk, and how long it took from the fetch to the acknowledged outcomes."""
        self.metrics.chunk_seconds.observe(seconds)
        for batch in batches:
            self.metrics.records.labels(batch.topic).inc(len(batch.records))
            if batch.records:
                age = time.time() - batch.records[0].timestamp / 1000
                self.metrics.event_age.labels(batch.topic).set(max(age, 0))
        outcomes = {
            "folded": outcome.events - outcome.refused - outcome.parked,
            "skipped": outcome.skipped,
            "refused": outcome.refused,
            "parked": outcome.parked,
        }
        for name, events in outcomes.items():
            self.metrics.events.labels(name).inc(events)
        self.metrics.dead_letters.inc(outcome.refused)
        for topic, events in outcome.said.items():
            self.metrics.said.labels(topic).inc(events)
