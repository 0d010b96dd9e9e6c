"""The Faust app of a worker: settings, and the seams between Faust and the engine."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faust

from shared.kit.settings import ServiceSettings
from shared.kit.transport_port import Port

_METADATA_MS = 3_000


class ChunkApp(faust.App):  # type: ignore[misc]
    """A Faust app that knows where its transport turns to."""

    port: Port

    def _crash(self, reason: BaseException) -> None:
        # Any part of Faust that dies ends here; Faust itself would note it and stay alive without reading on.
        super()._crash(reason)
        self.port.failed(reason)


class AsItIs(faust.Schema):  # type: ignore[misc]
    """Hands over what the transport delivers, without decoding."""

    def compile(self, app: Any, **_: Any) -> Callable[..., Any]:
        """Return the decoder."""

        async def decode(message: Any, *, propagate: bool = False) -> Any:  # noqa: ARG001 - Faust's signature
            return app.create_event(None, message.value, [], message)

        return decode


def make_app(group: str, settings: ServiceSettings, port: Port) -> ChunkApp:
    """Return the app of one consumer group."""
    app = ChunkApp(
        group,
        broker=";".join(f"kafkachunk://{server}" for server in settings.kafka_bootstrap.split(",")),
        store="memory://",
        datadir=Path(tempfile.gettempdir()) / "microcred-faust",
        processing_guarantee="at_least_once",
        table_standby_replicas=0,
        topic_disable_leader=True,
        topic_allow_declare=False,
        web_enabled=False,
        producer_threaded=False,
        broker_commit_interval=0.3,
        broker_max_poll_records=settings.fetch_records,
        broker_session_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=max(settings.session_timeout_s / 10, 0.5),
        broker_rebalance_timeout=60.0,
        broker_max_poll_interval=1000.0,
        # A broker that has not heard yet of a topic just made answers that there is none; the group then assigns
        # nothing, and asks again only when its metadata is too old.
        consumer_metadata_max_age_ms=_METADATA_MS,
        stream_buffer_maxsize=8,
        stream_wait_empty=True,
    )
    app.port = port
    return app


def read_by(app: ChunkApp, topic: Any, name: str, agent: Callable[..., Any]) -> None:
    """Let one agent read a topic.

    `app.agent` does the same, and then looks through the files of all that is loaded for the caller's, so that others
    could find it: a fifth of a worker's start.
    """
    made = app.conf.Agent(
        agent,
        name=name,
        app=app,
        channel=topic,
        concurrency=1,
        on_error=app._on_agent_error,  # noqa: SLF001 - as `app.agent` gives it
        use_reply_headers=True,
    )
    app.agents[name] = made
    app.topics.beacon.add(made)
