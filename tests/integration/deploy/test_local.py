"""The servers of this machine, started for real."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pymongo import MongoClient

from deploy.local.errors import FolderInUse, PortInUse, StartFailed
from deploy.local.mongod import Mongod
from deploy.local.process import Process
from deploy.local.stack import LocalStack
from tests.integration.deploy.clients import counted_twice, create, first, produce


def test_the_embedded_stack_carries_records_and_transactions(tmp_path: Path) -> None:
    said: list[str] = []
    stack = LocalStack("embedded", tmp_path)
    stack.start(said.append)
    try:
        create(stack.bootstrap, "heard")
        produce(stack.bootstrap, "heard", b"hello")
        assert first(stack.bootstrap, "heard") == b"hello"
        assert counted_twice(stack.mongo_url, "tried") == 2
        with pytest.raises(FolderInUse, match="--folder"):
            LocalStack("embedded", tmp_path).start()
    finally:
        stack.stop()
    assert said[-1] == "broker and database are ready"
    assert stack.dead == ["tansu", "mongod"]


def test_the_embedded_stack_begins_anew(tmp_path: Path) -> None:
    with LocalStack("embedded", tmp_path) as stack:
        assert counted_twice(stack.mongo_url, "tried") == 2
    with LocalStack("embedded", tmp_path) as stack:
        assert counted_twice(stack.mongo_url, "tried") == 2  # not 4


def test_the_apache_stack_keeps_what_it_was_told_also_when_kafka_is_killed(tmp_path: Path) -> None:
    with LocalStack("apache", tmp_path) as stack:
        address = stack.bootstrap
        create(address, "kept")
        produce(address, "kept", b"still here")
        assert counted_twice(stack.mongo_url, "tried") == 2
        stack.kafka.process.kill()
        began = time.monotonic()
        stack.kafka.start()  # on its port
        assert time.monotonic() - began < 30
        assert first(address, "kept") == b"still here"
    with LocalStack("apache", tmp_path) as other:  # on other ports
        assert other.bootstrap != address
        assert first(other.bootstrap, "kept") == b"still here"
        assert counted_twice(other.mongo_url, "tried") == 4


def test_transactions_of_the_dead_do_not_last(tmp_path: Path) -> None:
    with Mongod(tmp_path) as mongod, MongoClient[dict[str, int]](mongod.url) as client:
        answer = client.admin.command("getParameter", 1, transactionLifetimeLimitSeconds=1)
        assert answer["transactionLifetimeLimitSeconds"] == 5


def test_a_port_in_use_is_told_before_the_start(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        stack = LocalStack("embedded", tmp_path, mongo_port=taken.getsockname()[1])
        with pytest.raises(PortInUse, match="--mongo-port"):
            stack.start()
    stack.start()  # nothing was left behind: neither a server nor the lock
    stack.stop()


def test_a_server_that_ends_at_once_says_why(tmp_path: Path) -> None:
    script = "import sys; sys.exit('fatal: no such disk')"
    process = Process("server", [sys.executable, "-c", script], tmp_path / "log")
    with pytest.raises(StartFailed, match=r"ended with status 1 \(fatal: no such disk\)"):
        process.wait_until(lambda: False, 20)


def test_a_server_that_does_not_listen_to_sigterm_is_killed(tmp_path: Path) -> None:
    script = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    process = Process("server", [sys.executable, "-c", script], tmp_path / "log")
    process.wait_until(lambda: "deaf" in (tmp_path / "log").read_text(), 20)
    process.stop(patience=0.2)
    assert not process.running


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_servers_end_with_the_command_that_started_them(tmp_path: Path, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "deploy.local", "--broker", "embedded", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        addresses = next(line for line in running.stdout if "KAFKA_BOOTSTRAP" in line)
        running.send_signal(how)
        running.stdout.read()
        assert running.wait(30) == (-how if how == signal.SIGKILL else 0)
    ports = [int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", addresses)]
    assert len(ports) == 2
    deadline = time.monotonic() + 20
    while any(_listens(port) for port in ports):
        assert time.monotonic() < deadline, f"still listening: {ports}"
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_fault_is_one_line_and_a_status(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "deploy.local", "--folder", str(tmp_path), "--kafka-port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ, check=False)
    assert ended.returncode == 1
    assert ended.stderr == f"port {port} is in use: stop what listens there, or give another port with --kafka-port\n"
