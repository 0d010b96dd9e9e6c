"""Ending and starting the containers of one compose project, which COMPOSE_FILE and COMPOSE_PROJECT_NAME name."""

import json
import subprocess
import time
from dataclasses import dataclass

START_S = 90
MOST_MEMORY = 80.0  # percent of a container's limit: above, the limit in docker-compose.yml is too tight


class NotSurvived(Exception):
    """What a container did not stand; the message names it and what was found."""


@dataclass(frozen=True)
class Ending:
    """A way to end a container, and the exit status that it must show."""

    name: str
    words: tuple[str, ...]
    status: int


KILL = Ending("killed", ("kill", "--signal", "KILL"), 128 + 9)
STOP = Ending("stopped", ("stop",), 0)


def docker(*words: str) -> str:
    """Return what a docker command prints; raises `NotSurvived` with its complaint."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotSurvived(f"docker {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def end(service: str, ending: Ending) -> float:
    """End a container and return the seconds that it took; raises `NotSurvived` for another exit status."""
    began = time.monotonic()
    docker("compose", *ending.words, service)
    took = time.monotonic() - began
    found = json.loads(docker("compose", "ps", "--all", "--format", "json", service))["ExitCode"]
    if found != ending.status:
        raise NotSurvived(f"{service} was {ending.name} and ended with status {found}, not {ending.status}")
    return took


def start(service: str) -> float:
    """Start the same container again and return the seconds until it is healthy; raises `NotSurvived`."""
    began = time.monotonic()
    same = ("--no-deps", "--no-build", "--no-recreate")
    docker("compose", "up", *same, "--wait", "--wait-timeout", str(START_S), service)
    return time.monotonic() - began


def memory() -> dict[str, float]:
    """Return what each container uses, in percent of its limit; raises `NotSurvived` when one has little left."""
    names = docker("compose", "ps", "--quiet").split()
    rows = map(json.loads, docker("stats", "--no-stream", "--format", "json", *names).splitlines())
    used = {row["Name"]: float(row["MemPerc"].rstrip("%")) for row in rows}
    tight = [f"{name} uses {percent} %" for name, percent in used.items() if percent > MOST_MEMORY]
    if tight:
        raise NotSurvived(f"{', '.join(tight)} of its memory: raise its mem_limit in docker-compose.yml")
    return used
