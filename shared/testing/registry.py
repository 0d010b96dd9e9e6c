"""A real schema registry for tests: Apicurio Registry, which speaks Confluent's API as well, fetched by Maven's client.

It needs Java 21 or newer, which Apache Kafka does not: looked for in JAVA_HOME, on the path and among the system's.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from deploy.local.checks import find_program
from deploy.local.errors import LocalError, MissingProgram, StartFailed
from deploy.local.java import major
from deploy.local.ports import free_port
from deploy.local.process import Process

APICURIO = "3.3.3"
SHA256 = "8bc6751c76d963734224b01d5e7f84ccb3cb61c87d3bd77c36c35f10a5cbed63"
OLDEST_JAVA = 21
_READY_S = 90.0
_FETCH_S = 600


class RegistryMissing(Exception):
    """No registry can run here; the message says why."""


@contextmanager
def registry() -> Iterator[str]:
    """Yield the address of a running registry's Confluent API, and stop it afterwards.

    Raises:
        RegistryMissing: Java or Maven is missing, or the archive cannot be fetched.

    """
    try:
        program, folder = _java(), _unpacked()
    except LocalError as error:
        raise RegistryMissing(str(error)) from error
    port = free_port()
    url = f"http://127.0.0.1:{port}/apis/ccompat/v7"
    options = ("-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dquarkus.http.host=127.0.0.1")
    # What it has loaded, laid down when it first ends: from then on it starts with a quarter less.
    kept = (f"-XX:SharedArchiveFile={folder / 'classes.jsa'}", "-XX:+AutoCreateSharedArchive")
    command = (program, *options, *kept, f"-Dquarkus.http.port={port}", "-jar", str(folder / "quarkus-run.jar"))
    with tempfile.TemporaryDirectory(prefix="microcred-registry-") as logs:
        process = Process("registry", command, Path(logs) / "registry.log")
        try:
            process.wait_until(lambda: _answers(url), _READY_S)
            yield url
        except StartFailed as error:
            raise RegistryMissing(str(error)) from error
        finally:
            process.stop()


def register(url: str, subject: str, schema: str) -> int:
    """Register a schema as a producer does, and return its number."""
    answer = httpx.post(f"{url}/subjects/{subject}/versions", json={"schema": schema}, trust_env=False)
    return int(answer.raise_for_status().json()["id"])


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/subjects", timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _java() -> str:
    home = os.environ.get("JAVA_HOME")
    found = [Path(home) / "bin/java"] if home else []
    found += [Path(each) for each in (shutil.which("java"),) if each]
    found += sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    for program in found:
        answer = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
        if re.search("version", answer) and major(answer) >= OLDEST_JAVA:
            return str(program)
    raise MissingProgram(f"Java {OLDEST_JAVA} or newer", "apt-get install openjdk-21-jre-headless")


def _unpacked() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "microcred"
    folder = cache / f"apicurio-{APICURIO}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="fetch-", dir=cache))
        try:
            _fetch(fresh)
            if not folder.is_dir():  # another process may have been faster
                (fresh / "registry").rename(folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _fetch(folder: Path) -> None:
    maven = find_program("mvn", "apt-get install maven")
    artifact = f"io.apicurio:apicurio-registry-app:{APICURIO}:tar.gz:all"
    goal = ("dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}")
    log = folder / "maven.log"
    with log.open("wb") as out:
        done = subprocess.run(
            [maven, "-q", "-B", *goal], stdout=out, stderr=subprocess.STDOUT, check=False, timeout=_FETCH_S
        )
    if done.returncode:
        raise StartFailed("mvn", f"ended with status {done.returncode}", log.read_text(errors="replace")[-500:], log)
    (archive,) = folder.glob("*.tar.gz")
    with archive.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SHA256:
            raise StartFailed("apicurio", f"{archive.name} is not the file with SHA-256 {SHA256[:12]}...", "", log)
    (folder / "registry").mkdir()
    subprocess.run(["tar", "-xzf", str(archive), "-C", str(folder / "registry")], check=True)
