"""Records as Open edX puts them on Kafka, made with its own classes: for tests and benches.

`python -m shared.testing.openedx FOLDER` writes the schemas that the classes write with.
"""

import json
import struct
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from shared.testing.openedx_data import COURSE, WHEN, data, set_up

ROOT = "org.openedx.learning."
HEARD = (
    "course.enrollment.created.v1",
    "course.enrollment.changed.v1",
    "course.unenrollment.completed.v1",
    "course.persistent_grade_summary.changed.v1",
    "course.passing.status.updated.v1",
    "certificate.created.v1",
    "certificate.changed.v1",
    "certificate.revoked.v1",
    "exam.attempt.submitted.v1",
    "exam.attempt.verified.v1",
    "exam.attempt.rejected.v1",
    "exam.attempt.errored.v1",
    "exam.attempt.reset.v1",
    "idv_attempt.created.v1",
    "idv_attempt.pending.v1",
    "idv_attempt.approved.v1",
    "idv_attempt.denied.v1",
)
_HEAD = ">bI"


class Published(NamedTuple):
    """One record, as a producer is given it."""

    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


@cache
def serializers() -> Mapping[str, Any]:
    """Return what serialises each signal that is heard, by its type."""
    set_up()
    from openedx_events.event_bus.avro.serializer import AvroSignalSerializer
    from openedx_events.learning import signals
    from openedx_events.tooling import OpenEdxPublicSignal

    known = {each.event_type: each for each in vars(signals).values() if isinstance(each, OpenEdxPublicSignal)}
    return {ROOT + name: AvroSignalSerializer(known[ROOT + name]) for name in HEARD}


def schemas() -> dict[str, Any]:
    """Return the Avro schema of each signal that is heard."""
    return {signal: each.schema for signal, each in serializers().items()}


def record(
    name: str, number: int = 1, *, ce_id: str = "f161e77c-e740-11f1-b888-02fc00000001", **given: Any
) -> Published:
    """Return the record of a signal (`certificate.created.v1`); `number` is its schema's in the registry.

    What `data` is given makes the payload. `time` is `ce_time`.
    """
    signal, time = ROOT + name, given.pop("time", WHEN)
    payload = data(name, **given)
    from openedx_events.event_bus.avro.serializer import serialize_event_data_to_bytes

    raw = serialize_event_data_to_bytes(payload, serializers()[signal].signal)
    course = given.get("course", COURSE)
    return Published(
        struct.pack(_HEAD, 0, number) + course.encode(),
        struct.pack(_HEAD, 0, number) + raw,
        tuple((key, text.encode()) for key, text in headers(signal, ce_id, time.isoformat()).items()),
    )


def headers(signal: str, ce_id: str, time: str) -> dict[str, str]:
    """Return the headers that the event bus writes."""
    return {
        "ce_type": signal,
        "ce_id": ce_id,
        "ce_source": "openedx/lms/web",
        "ce_specversion": "1.0",
        "ce_time": time,
        "ce_minorversion": "0",
        "sourcehost": "lms-1",
        "sourcelib": "10.5.0",
        "content-type": "application/avro",
        "ce_datacontenttype": "application/avro",
    }


def files(schemas: Mapping[str, Any]) -> dict[str, str]:
    """Return the content of each schema's file, by its name."""
    return {f"{signal}.avsc": json.dumps(schema, indent=1, sort_keys=True) + "\n" for signal, schema in schemas.items()}


def main(arguments: Iterable[str]) -> None:
    """Write the schemas into a folder."""
    (folder,) = map(Path, arguments)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(schemas()).items():
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
