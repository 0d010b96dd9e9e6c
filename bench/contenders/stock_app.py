"""Stock Faust: its own defaults, but for what this machine has none of, and the beginning of the log."""

from pathlib import Path
from typing import Any

import faust

from bench.contenders.spec import Spec
from shared.contracts.topics import ASSESSED, PASSED


def stock_app(spec: Spec) -> tuple[faust.App, Any, Any]:
    """Return an app and its topics `assessed` and `passed`, raw."""
    app = faust.App(
        f"{spec.prefix}{spec.database}",
        broker=f"kafka://{spec.bootstrap}",
        store="memory://",
        datadir=Path(spec.answer).with_suffix(".faust"),
        consumer_auto_offset_reset="earliest",
        topic_disable_leader=True,
        web_enabled=False,
    )
    assessed = app.topic(spec.prefix + ASSESSED.name, key_serializer="raw", value_serializer="raw", value_type=bytes)
    passed = app.topic(spec.prefix + PASSED.name, key_serializer="raw", value_serializer="raw")
    return app, assessed, passed
