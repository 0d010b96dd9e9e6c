"""Records that cannot be taken, of every kind, and some that only look like it; made from an event that is good.

Each is about a learner of its own, so that what is refused today and taken tomorrow changes nothing for others.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from shared.contracts.wire import HEADERS, MAX_BYTES

Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True)
class Raw:
    """One record as it is appended, byte by byte."""

    key: bytes | None
    value: bytes | None
    headers: Headers = HEADERS


Good = dict[str, Any]
_OVERHEAD = 200
"""What a record of the largest size needs besides its value."""


def _with(good: Good, **changes: Any) -> bytes:
    return json.dumps(good | changes).encode()


def _with_number(good: Good, value: float) -> bytes:
    """Put a number where the event has its mark, or beside its data where it has none."""
    data = dict(good["data"])
    data[next((name for name in ("score", "grade_percent") if name in data), "score")] = value
    return json.dumps(good | {"data": data}).encode()


def _tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat()


VALUES: dict[str, Callable[[Good, Random], bytes | None]] = {
    "not JSON": lambda good, _: b"{not json" + _with(good),
    "invalid UTF-8": lambda good, _: _with(good).replace(b"chaos", b"ch\xff\xfeaos").replace(b"test", b"t\xff\xfest"),
    "no value": lambda _, __: None,
    "nothing in the value": lambda _, __: b"",
    "null": lambda _, __: b"null",
    "a list": lambda good, _: b"[" + _with(good) + b"]",
    "deep nesting": lambda _, __: b'{"data":' + b"[" * 50_000,
    "deep nesting, closed": lambda _, __: b'{"data":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "unknown type": lambda good, _: _with(good, type="microcred.learner.vanished.v1"),
    "NaN": lambda good, _: _with_number(good, float("nan")),
    "above the maximum": lambda good, _: _with_number(good, 1_000_001),
    "time in the future": lambda good, _: _with(good, time=_tomorrow()),
    "time without a zone": lambda good, _: _with(good, time="2025-01-01T00:00:00"),
    "long id": lambda good, _: _with(good, id="x" * 10_000),
    "hostile learner": lambda good, _: _with(good, learnerref="a/../\u0000$where"),
    "no type": lambda good, _: json.dumps({name: each for name, each in good.items() if name != "type"}).encode(),
    "the most that a record can be": lambda _, rng: rng.randbytes(MAX_BYTES - _OVERHEAD),
    "blown up when unpacked": lambda _, __: b" " * (3 * MAX_BYTES),
}
"""Refused because of their value."""

HEADED: dict[str, Headers] = {
    "headers not UTF-8": (("ce_type", b"\xff\xfe"), ("ce_id", b"x")),
    "headers incomplete": (("content-type", b"application/json"), ("ce_type", b"microcred.learner.passed.v1")),
    "headers of another type": (("content-type", b"text/plain"), ("ce_type", b"x")),
    "headers without value": (("ce_type", None), ("content-type", b"application/json"), ("ce_specversion", b"9")),
}
"""Refused because of their headers, or taken in spite of them."""

PARKING: dict[str, Callable[[Good, Random], bytes | None]] = {
    "unknown major version": lambda good, _: _with(good, type=good["type"].removesuffix("v1") + "v2"),
}
"""Refused for now: where the engine parks, the key's later records wait."""


def poison(good: Good, seed: int, number: int) -> Iterator[tuple[str, Raw]]:
    """Yield a volley of every kind with its name; `good` is an event as it stands on the log."""
    rng = Random(f"{seed}/poison/{number}")

    def learner(kind: str) -> tuple[bytes, Good]:
        name = f"poisoned-{number}-{kind}".replace(" ", "-").replace(",", "")
        return name.encode(), good | {"id": f"{good['id']}-{name}", "learnerref": name}

    for kind, value in (VALUES | PARKING).items():
        key, event = learner(kind)
        yield kind, Raw(key, value(event, rng))
        if kind in PARKING:
            yield f"after {kind}", Raw(key, _with(event))
    for kind, headers in HEADED.items():
        key, event = learner(kind)
        yield kind, Raw(key, _with(event), headers)
    _, event = learner("no key")
    yield "no key", Raw(None, _with(event))
    yield "key not UTF-8", Raw(b"\xff\x00\xfe" + rng.randbytes(8), b"\xff")
