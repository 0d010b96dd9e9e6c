"""A service as a process: what it serves in each role, and how it ends."""

import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.integration.kit.process import start, tiny


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with tiny(tmp_path, engine="stops slowly") as running:
        running.saw("service.started")
        assert running.get("/readyz").status_code == 200
        assert running.end(number) == 0
        assert running.order()[-3:] == ["service.stopping", "engine.stopped", "service.stopped"]
        assert running.other == []


def test_a_failing_worker_ends_it_with_status_1(tmp_path: Path) -> None:
    with tiny(tmp_path, engine="fails") as running:
        assert running.status() == 1
        failed = running.saw("service.failed")
        assert (failed["error"], failed["reason"]) == ("StoreUnavailable", "the database went away")
        assert running.order()[-1] == "service.stopped"


@pytest.mark.parametrize(("name", "value"), [("engine", "cannot start"), ("on_start_fails", "true")])
def test_what_cannot_start_ends_with_status_1(tmp_path: Path, name: str, value: str) -> None:
    with tiny(tmp_path, **{name: value}) as running:
        assert running.status() == 1
        assert running.saw("service.failed")["level"] == "error"


def test_it_is_alive_and_not_ready_while_it_starts(tmp_path: Path) -> None:
    with tiny(tmp_path, engine="starts slowly") as running:
        assert running.get("/healthz").status_code == 200
        assert running.get("/readyz").status_code == 503
        assert running.end() == 0


@pytest.mark.parametrize("engine", ["never stops", "hangs"])
def test_an_engine_that_does_not_stop_is_not_waited_for(tmp_path: Path, engine: str) -> None:
    with tiny(tmp_path, engine=engine, stop_timeout_s=0.5, http_stop_s=0) as running:
        running.saw("service.started")
        began = time.monotonic()
        assert running.end() == 1
        assert time.monotonic() - began < 15


def test_an_engine_that_fails_to_stop_ends_with_status_1(tmp_path: Path) -> None:
    with tiny(tmp_path, engine="cannot stop") as running:
        running.saw("service.started")
        assert running.end() == 1
        assert running.saw("engine.stop_failed")["reason"] == "no way out"


def test_open_requests_are_answered_before_the_end(tmp_path: Path) -> None:
    with tiny(tmp_path, http_stop_s=20) as running, ThreadPoolExecutor(2) as pool:
        running.saw("service.started")
        slow, endless = pool.submit(running.get, "/v1/slow"), pool.submit(running.get, "/v1/endless")
        running.saw("slow.asked")
        running.saw("endless.asked")
        assert running.end() == 0
        assert (slow.result().json(), endless.result().json()) == ("done", "ended")
        order = running.order()
        assert order.index("request") < order.index("engine.stopped")


def test_a_worker_serves_only_its_probes(tmp_path: Path) -> None:
    with tiny(tmp_path, "worker") as running:
        running.saw("engine.started")
        running.saw("service.started")
        statuses = {path: running.get(path).status_code for path in ("/healthz", "/readyz", "/metrics")}
        assert statuses == {"/healthz": 200, "/readyz": 200, "/metrics": 200}
        assert running.get("/v1/slow").status_code == 404
        assert running.get("/openapi.json").status_code == 404
        assert running.end() == 0
        assert "routes.started" not in running.order()


def test_an_api_runs_no_engine(tmp_path: Path) -> None:
    with tiny(tmp_path, "api") as running:
        running.saw("service.started")
        assert running.get("/v1/slow").json() == "done"
        assert running.get("/readyz").status_code == 200
        assert "microcred_loop_lag_seconds" in running.get("/metrics").text
        assert running.end() == 0
        assert not any(message.startswith("engine") for message in running.order())


def test_a_port_in_use_is_one_line_with_the_cure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = start(tmp_path, http_port=port)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert str(port) in line
    assert "MICROCRED_HTTP_PORT" in line


def test_bad_settings_are_a_line_each(tmp_path: Path) -> None:
    ended = start(tmp_path, token_secret_file=tmp_path / "nowhere", engine="sulks")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert sorted(line.split(":")[0] for line in ended.stderr.splitlines()) == [
        "MICROCRED_ENGINE",
        "MICROCRED_TOKEN_SECRET_FILE",
    ]


def test_help_needs_no_settings(tmp_path: Path) -> None:
    ended = start(tmp_path, "--help", token_secret_file=tmp_path / "nowhere")
    assert ended.returncode == 0
    assert "python -m tests.integration.kit.tiny_service --role worker" in ended.stdout
    assert "MICROCRED_ENGINE" in ended.stdout
