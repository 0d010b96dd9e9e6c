"""Make the archive of the classes that Apache Kafka loads: `python -m deploy.local.kafka_classes`."""

import sys
import tempfile
from pathlib import Path

from deploy.local.apache import ApacheKafka
from deploy.local.errors import LocalError
from deploy.local.jars import archive


def make() -> None:
    """Let a broker start and stop, and keep what it has loaded; raises a `LocalError`."""
    archive().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="classes-", dir=archive().parent) as name:
        fresh, kafka = Path(name) / "classes.jsa", ApacheKafka(Path(name) / "kafka")
        kafka.jvm = (f"-XX:ArchiveClassesAtExit={fresh}",)
        with kafka:
            pass
        if fresh.is_file():  # a JVM of another maker may know no such archives
            fresh.rename(archive())


if __name__ == "__main__" and not archive().is_file():
    try:
        make()
    except LocalError as error:  # whoever wants a broker is told so, too
        sys.stderr.write(f"Apache Kafka's classes are not archived: {error}\n")
