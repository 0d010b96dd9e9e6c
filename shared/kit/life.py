"""The life of a process: HTTP and engine in one event loop, from the start to an orderly end."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from fastapi import FastAPI

from shared.kit.health import Health
from shared.kit.ports import Engine
from shared.kit.settings import ServiceSettings
from shared.kit.watchdog import Watchdog

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
#: All bounds together stay below the 30 seconds that Docker and Kubernetes give.
_MARGIN_S = 3.0
_log = structlog.get_logger(__name__)


class Ended(Exception):
    """A part that should run for ever came to an end."""


class _Server(uvicorn.Server):
    """Leaves the signals to us: the worker has to stop too."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Life:
    """Starts, waits for a signal or a failure, and stops: first HTTP, then the engine, each within its bound."""

    def __init__(
        self, app: FastAPI, settings: ServiceSettings, health: Health, engine: Engine | None, watchdog: Watchdog
    ) -> None:
        """Put the parts together; nothing runs before `live`."""
        self._app = app
        self._settings = settings
        self._health = health
        self._engine = engine
        self._watchdog = watchdog
        self._server = _Server(
            uvicorn.Config(
                app,
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=settings.http_stop_s,
                ssl_certfile=settings.tls_certificate_file,
                ssl_keyfile=settings.tls_key_file,
            )
        )

    async def live(self, listener: socket.socket) -> int:
        """Return the exit status: 0 after a signal, 1 after a failure or a stop that did not end in time."""
        async with _signals() as signalled:
            serving = asyncio.create_task(self._serve(listener), name="http")
            working = asyncio.create_task(self._work(), name="engine")
            stopped = asyncio.create_task(signalled.wait(), name="signal")
            await asyncio.wait({serving, working, stopped}, return_when=asyncio.FIRST_COMPLETED)
            failure = _failure(working) or _failure(serving)
            if failure is not None:
                _log.error("service.failed", error=type(failure).__name__, reason=str(failure), exc_info=failure)
            stopped.cancel()
            in_time = await self._stop(serving, working)
        _log.info("service.stopped", in_time=in_time)
        return 0 if failure is None and in_time else 1

    async def _serve(self, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        _log.info("service.listening", address=f"{self._settings.scheme}://{host}:{port}")
        await self._server.serve(sockets=[listener])
        if not self._health.stopping:
            raise Ended("the HTTP server came to an end")

    async def _work(self) -> None:
        if self._engine is not None:
            await self._engine.start()
        self._health.started = True
        _log.info("service.started")
        if self._engine is None:
            await asyncio.Event().wait()
        else:
            raise await self._engine.wait_failed()

    async def _stop(self, serving: asyncio.Task[None], working: asyncio.Task[None]) -> bool:
        _log.info("service.stopping")
        self._watchdog.arm(self._settings.http_stop_s + self._settings.stop_timeout_s + _MARGIN_S)
        self._health.stopping = True
        self._app.state.stopping.set()
        self._server.should_exit = True
        working.cancel()
        await asyncio.wait({serving, working})
        if self._engine is None:
            return True
        leaving = asyncio.create_task(self._engine.stop(), name="stop")
        # Not wait_for: it would wait for the end of what it has cancelled, however long that takes.
        await asyncio.wait({leaving}, timeout=self._settings.stop_timeout_s)
        if (error := _failure(leaving)) is not None:
            _log.error("engine.stop_failed", error=type(error).__name__, reason=str(error), exc_info=error)
        return leaving.done() and error is None


def _failure(task: asyncio.Task[None]) -> BaseException | None:
    return task.exception() if task.done() and not task.cancelled() else None


@asynccontextmanager
async def _signals() -> AsyncIterator[asyncio.Event]:
    """Give an event that SIGTERM and SIGINT set."""
    signalled = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, signalled.set)
    try:
        yield signalled
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
