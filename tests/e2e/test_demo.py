"""The demonstration itself, as a newcomer runs it, but smaller."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

import httpx
import pytest

from deploy.cli.demo_data.generate import generate
from deploy.cli.funnel import total
from deploy.cli.options import BRIDGE_PORT, SERVICE_PORTS
from deploy.local.ports import free_port, free_ports, is_free
from shared.testing.certificates import self_signed
from tests.town import ANSWER_S, eventually
from tests.unit.cli.test_few_learners import LEARNERS, SEED

COMMAND = Path(sys.executable).with_name("microcred")
BRIDGED = '{"lifecycle": {"tenant": "ou", "platform": "openedx", "home": "https://lms.example.org"}}'
START_S = 100.0
AGAIN = 100  # learners, the second time
PORTS = (*SERVICE_PORTS.values(), BRIDGE_PORT)


@pytest.fixture
def places(tmp_path: Path) -> list[str]:
    """Ports and a folder that nobody uses."""
    ports = {"--first-port": free_ports(PORTS), "--kafka-port": free_port(), "--mongo-port": free_port()}
    return ["--folder", str(tmp_path), *(str(each) for pair in ports.items() for each in pair)]


@contextmanager
def running(log: Path, *command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run `microcred`, what it prints in a log, and end it whatever happens."""
    env = {**os.environ, **environment}
    with log.open("w+") as out:
        runs = subprocess.Popen([COMMAND, *command], stdout=out, stderr=subprocess.STDOUT, text=True, env=env)
        try:
            yield runs
        finally:
            runs.kill()
            runs.wait()


@pytest.mark.timeout(700)
def test_every_figure_is_right_and_one_credential_verifies(places: list[str], tmp_path: Path) -> None:
    """Then a second run does the same, and runs on until a service dies: that is told, and all else is stopped."""
    once = subprocess.run(
        [COMMAND, "demo", "--once", *made_up(LEARNERS), *places],
        capture_output=True,
        text=True,
        check=False,
        timeout=320,
    )
    assert once.returncode == 0, once.stdout + once.stderr
    assert_all_is_shown(once.stdout, LEARNERS)

    log = tmp_path / "demo.log"
    with running(log, "demo", *made_up(AGAIN), *places, MICROCRED_OPENEDX_TOPICS=BRIDGED) as demo:
        eventually(lambda: "Ctrl-C stops it" in log.read_text() or demo.poll() is not None, "the second run", 320)
        assert demo.poll() is None, log.read_text()
        _kill_service(demo.pid, "services.enrolment.main\0--role\0bridge")
        ended = demo.wait(60)

    assert_all_is_shown(log.read_text(), AGAIN)
    assert ended == 1
    assert "bridge has ended" in log.read_text()
    first = int(places[places.index("--first-port") + 1])
    assert all(is_free(first + number) for number in PORTS)


def made_up(learners: int) -> list[str]:
    """Return the options that make up so many learners."""
    return ["--learners", str(learners), "--seed", str(SEED), "--patience", "240"]


def assert_all_is_shown(told: str, learners: int) -> None:
    """Hold what a demonstration has told against what must come out."""
    must = astuple(total(generate(learners, SEED, "any").truth))
    assert re.search(r"All \d+ figures \(by offering and month\) are what they must be", told)
    assert re.search(r"proof +passed", told)
    assert re.search(r"all +" + r" +".join(f"{count:,}" for count in must), told)


@pytest.fixture
def secure(tmp_path: Path) -> dict[str, str]:
    """The environment of one that speaks HTTPS, with a certificate that nobody else believes, and reads a platform."""
    certificate, key = self_signed(tmp_path)
    files = {"MICROCRED_TLS_CERTIFICATE_FILE": str(certificate), "MICROCRED_TLS_KEY_FILE": str(key)}
    return {**os.environ, **files, "MICROCRED_OPENEDX_TOPICS": BRIDGED}


@pytest.fixture
def up(places: list[str], tmp_path: Path, secure: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`microcred up` over HTTPS (the demo above is over HTTP)."""
    with running(tmp_path / "up.log", "up", *places, **secure) as up:
        yield up


@pytest.mark.timeout(200)
def test_up_runs_until_interrupted_and_leaves_nothing_behind(
    up: subprocess.Popen[str], places: list[str], secure: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "up.log"
    eventually(lambda: "Ctrl-C stops everything" in log.read_text(), "everything runs", START_S)
    first = int(places[places.index("--first-port") + 1])
    broker = f"127.0.0.1:{places[places.index('--kafka-port') + 1]}"
    certificate = ssl.create_default_context(cafile=secure["MICROCRED_TLS_CERTIFICATE_FILE"])

    def fetched(port: int, path: str) -> httpx.Response:
        return httpx.get(f"https://localhost:{port}{path}", verify=certificate, timeout=ANSWER_S)

    dashboard = fetched(first + SERVICE_PORTS["analytics"], "/dashboard")
    bridge = fetched(first + BRIDGE_PORT, "/readyz")

    def told(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {**secure, **environment}
        ran = [str(COMMAND), *map(str, words)]
        return subprocess.run(ran, env=env, capture_output=True, text=True, check=False, timeout=60)

    status = told("status", "--first-port", first, "--bootstrap", broker)
    issuance = f"https://localhost:{first + SERVICE_PORTS['issuance']}"
    letters = told("dlq", "list", "issuance", "--url", issuance, "--secret-file", tmp_path / "token-secret")
    credential = f"{issuance}/credentials/none"
    verified = [told("verify", credential, **given) for given in ({}, {"MICROCRED_TLS_CERTIFICATE_FILE": ""})]

    up.send_signal(signal.SIGINT)
    ended = up.wait(60)

    assert (dashboard.status_code, bridge.status_code) == (200, 200)
    assert (status.returncode, status.stdout.count("ready")) == (0, 4), status.stdout + status.stderr
    assert letters.returncode == 0, letters.stderr
    assert "status 404" in verified[0].stderr
    assert "certificate verify failed" in verified[1].stderr.lower()
    assert ended == 0, log.read_text()
    assert "stopped" in log.read_text()
    assert all(is_free(first + number) for number in PORTS)
    assert is_free(int(broker.rpartition(":")[2]))


def _kill_service(parent: int, module: str) -> None:
    """Kill the child of our own command that runs this module, its arguments with a NUL between them."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    victims = [pid for pid in children if module in Path(f"/proc/{pid}/cmdline").read_text()]
    assert len(victims) == 1
    subprocess.run(["kill", "-KILL", victims[0]], check=True)


def test_a_port_in_use_is_one_line_with_the_option_that_changes_it(places: list[str]) -> None:
    first = int(places[places.index("--first-port") + 1])
    with _listening(first + SERVICE_PORTS["issuance"]):
        ran = subprocess.run([COMMAND, "up", *places], capture_output=True, text=True, check=False, timeout=60)

    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1
    assert f"port {first + SERVICE_PORTS['issuance']} is in use" in ran.stderr
    assert "--first-port" in ran.stderr


def _listening(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))
