"""The jars of Apache Kafka: fetched once by Maven's client, checked against SHA256SUMS before every use."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy.local.checks import find_program
from deploy.local.errors import ChecksumMismatch, StartFailed
from deploy.local.logs import cause

KAFKA = "4.4.0"
RECIPE = Path(__file__).with_name("kafka")


def cache() -> Path:
    """Return the folder of the jars, whether or not it is filled."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "microcred" / f"kafka-{KAFKA}" / "lib"


def archive() -> Path:
    """Return where the archive of the loaded classes stands, once `deploy.local.kafka_classes` has made it."""
    return cache().with_name("classes.jsa")


def sharing() -> tuple[str, ...]:
    """Return what lets the JVM map these classes, if it can: a broker starts in half the time (JEP 350)."""
    return (f"-XX:SharedArchiveFile={archive()}", "-Xshare:auto") if archive().is_file() else ()


def jars() -> Path:
    """Return the folder of checked jars, filling it first if need be; raises a `LocalError`."""
    folder = cache()
    if not folder.is_dir():
        _fill(folder)
    check(folder, expected())
    return folder


def expected() -> dict[str, str]:
    """Return file name to SHA-256, in hex, as committed."""
    lines = (RECIPE / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def check(folder: Path, digests: Mapping[str, str]) -> None:
    """Raise `ChecksumMismatch` unless `folder` has exactly these jars: all that lies there is loaded."""
    found = {jar.name for jar in folder.glob("*.jar")}
    for name in sorted(found | digests.keys()):
        if name not in found:
            raise ChecksumMismatch(folder / name, "is missing")
        if name not in digests:
            raise ChecksumMismatch(folder / name, "is not listed in SHA256SUMS")
        with (folder / name).open("rb") as jar:
            if hashlib.file_digest(jar, "sha256").hexdigest() != digests[name]:
                raise ChecksumMismatch(folder / name, "is not the file listed in SHA256SUMS")


def _fill(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="fetch-", dir=folder.parent))
    try:
        _fetch(fresh)
        check(fresh, expected())
        if not folder.is_dir():  # another process may have been faster
            fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _fetch(folder: Path) -> None:
    maven = find_program("mvn", "apt-get install maven, or use --broker embedded")
    goal = ("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}")
    log = folder.parent / "maven.log"
    with log.open("wb") as out:
        command = [maven, "-q", "-B", "-f", str(RECIPE / "pom.xml"), *goal]
        status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    if status:
        raise StartFailed("mvn", f"ended with status {status}", cause(log.read_text(errors="replace")), log)
