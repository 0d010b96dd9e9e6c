import asyncio
from pathlib import Path

from fastapi import FastAPI

from shared.kit.chunk import Committed
from shared.kit.errors import StoreUnavailable
from shared.kit.health import Health
from shared.kit.http import create_api
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.metrics import Metrics
from shared.kit.telemetry import Progress
from shared.testing.memory import MemoryStore
from tests.unit.kit.http_kit import client_of, settings_in


class Clock:
    """A clock that stands until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class AwayStore(MemoryStore):
    """A database that does not answer."""

    async def ping(self) -> None:
        raise StoreUnavailable("mongodb://u:swordfish@h is away")


class HangingStore(MemoryStore):
    """A database that takes for ever."""

    async def ping(self) -> None:
        await asyncio.Event().wait()


def test_an_idle_worker_is_never_stalled() -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    progress.behind({("t", 0): 0})
    clock.now += 10_000
    assert not progress.stalled(60)


def test_a_worker_with_lag_and_no_chunk_is_stalled_after_a_while() -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    clock.now += 10_000
    progress.behind({("t", 0): 5, ("t", 1): 0})
    clock.now += 60
    assert not progress.stalled(60)
    progress.behind({("t", 0): 6})
    clock.now += 1
    assert progress.stalled(60)


def test_a_chunk_or_an_emptied_log_ends_the_stall() -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    progress.behind({("t", 0): 5})
    clock.now += 61
    progress.beat()
    assert not progress.stalled(60)
    clock.now += 61
    assert progress.stalled(60)
    progress.behind({})
    assert not progress.stalled(60)


def test_a_chunk_is_counted() -> None:
    progress = Progress()
    records = [Record(offset, 1_700_000_000_000, b"k", b"v") for offset in range(4)]
    says = (Saying("passed", b"k", b"v", ()), Saying("s.dead-letters", b"k", b"v", ()))
    progress.chunk([Batch("t", "id", 0, 0, records)], Committed(says, (), 3, 1, 1).outcome, 0.02)
    progress.behind({("t", 0): 7})
    lines = progress.metrics.exposed().decode().splitlines()
    for line in (
        'microcred_records_total{topic="t"} 4.0',
        'microcred_events_total{outcome="folded"} 2.0',
        'microcred_events_total{outcome="skipped"} 1.0',
        'microcred_events_total{outcome="refused"} 1.0',
        'microcred_said_total{topic="passed"} 1.0',
        "microcred_dead_letters_total 1.0",
        "microcred_chunk_seconds_count 1.0",
        'microcred_lag{partition="0",topic="t"} 7.0',
    ):
        assert line in lines


def test_a_partition_that_went_to_another_worker_has_no_lag_here() -> None:
    progress = Progress()
    progress.behind({("t", 0): 7, ("t", 1): 1})
    progress.behind({("t", 1): 1})
    assert 'partition="0"' not in progress.metrics.exposed().decode()


def api(folder: Path, health: Health, metrics: Metrics | None = None) -> FastAPI:
    return create_api("test", settings_in(folder), health=health, metrics=metrics)


async def probe(app: FastAPI, path: str) -> tuple[int, str]:
    async with client_of(app) as client:
        answer = await client.get(path)
    kind = "application/problem+json" if answer.status_code == 503 else "application/json"
    assert answer.headers["content-type"] == kind
    return answer.status_code, answer.text


async def test_a_stalled_worker_is_not_alive(tmp_path: Path) -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    app = api(tmp_path, Health(started=True, progress=progress, stalled_after_s=60))
    progress.behind({("t", 0): 1})
    assert (await probe(app, "/healthz"))[0] == 200
    clock.now += 61
    status, text = await probe(app, "/healthz")
    assert status == 503
    assert "60 seconds" in text


async def test_a_database_that_is_away_makes_it_unready_and_not_dead(tmp_path: Path) -> None:
    for store in (AwayStore(), HangingStore()):
        app = api(tmp_path, Health(started=True, reader=store, ping_s=0.01))
        assert (await probe(app, "/healthz"))[0] == 200
        status, text = await probe(app, "/readyz")
        assert status == 503
        assert "database" in text
        assert "swordfish" not in text


async def test_ready_is_between_start_and_stop(tmp_path: Path) -> None:
    health = Health(reader=MemoryStore())
    app = api(tmp_path, health)
    assert (await probe(app, "/readyz"))[0] == 503
    health.started = True
    assert (await probe(app, "/readyz"))[0] == 200
    health.stopping = True
    assert (await probe(app, "/readyz"))[0] == 503
    assert (await probe(app, "/healthz"))[0] == 200


async def test_two_apps_count_apart(tmp_path: Path) -> None:
    one, other = api(tmp_path, Health(), Metrics()), api(tmp_path, Health(), Metrics())
    await probe(one, "/healthz")
    async with client_of(one) as client:
        counted = (await client.get("/metrics")).text
    async with client_of(other) as client:
        untouched = (await client.get("/metrics")).text
    line = 'microcred_http_requests_total{method="GET",route="/healthz",status="200"} 1.0'
    assert line in counted
    assert line not in untouched
    assert "process_resident_memory_bytes" in counted
