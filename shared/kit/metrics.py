"""What can be counted, in a registry of its own: two services in one process, or two tests, share nothing."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_NAMESPACE = "microcred"


class Metrics:
    """The metrics of one process; names begin with `microcred_`, durations are in seconds."""

    def __init__(self) -> None:
        """Make every metric, at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._count_the_stream()
        self._count_http()

    def _count_the_stream(self) -> None:
        self.records = self._counter("records", "Records fetched", "topic")
        self.events = self._counter(
            "events", "Events by what became of them: folded, skipped, refused, parked", "outcome"
        )
        self.said = self._counter("said", "Events appended as outcomes of others", "topic")
        self.dead_letters = self._counter("dead_letters", "Records that could not be taken")
        self.chunk_seconds = self._histogram("chunk_seconds", "From the fetch to the acknowledged outcomes of a chunk")
        self.lag = self._gauge("lag", "Records not folded yet", "topic", "partition")
        self.event_age = self._gauge("event_age_seconds", "Age of the oldest record in the last chunk", "topic")
        self.loop_lag = self._gauge("loop_lag_seconds", "How late the event loop woke up, at worst in the last second")

    def _count_http(self) -> None:
        labels = ("method", "route")
        self.requests = self._counter("http_requests", "Requests answered", *labels, "status")
        self.request_seconds = self._histogram(
            "http_request_seconds", "From a request to the end of its answer", *labels
        )

    def exposed(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, namespace=_NAMESPACE, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, namespace=_NAMESPACE, registry=self.registry)

    def _histogram(self, name: str, meaning: str, *labels: str) -> Histogram:
        return Histogram(name, meaning, labels, namespace=_NAMESPACE, registry=self.registry, buckets=_SECONDS)
