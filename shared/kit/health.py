"""The probes: alive means getting on, ready means that requests can be answered."""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from shared.kit.metrics import Metrics
from shared.kit.problem import Problem
from shared.kit.store import Reader
from shared.kit.telemetry import Progress


@dataclass(slots=True)
class Health:
    """What the probes look at; a part that the role does not run is None."""

    started: bool = False
    stopping: bool = False
    reader: Reader | None = None
    progress: Progress | None = None
    stalled_after_s: float = 60.0
    ping_s: float = 2.0

    def ailing(self) -> str | None:
        """Return why a restart would help, or None.

        An event loop that hangs cannot answer at all, which the probe's own timeout takes for the same.
        """
        if self.progress is not None and self.progress.stalled(self.stalled_after_s):
            return f"records wait, and for more than {self.stalled_after_s:g} seconds no chunk was finished"
        return None

    async def unready(self) -> str | None:
        """Return why requests cannot be answered now, or None."""
        if self.stopping:
            return "stopping"
        if not self.started:
            return "starting"
        if self.reader is None:
            return None
        try:
            async with asyncio.timeout(self.ping_s):
                await self.reader.ping()
        except Exception:  # noqa: BLE001 - whatever keeps the database from answering, the answer is no
            return "the database does not answer"
        return None


def probes(health: Health, metrics: Metrics) -> APIRouter:
    """Return `/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(tags=["operation"], include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return _or_unavailable(health.ailing(), "alive")

    @router.get("/readyz")
    async def readyz() -> dict[str, str]:
        return _or_unavailable(await health.unready(), "ready")

    @router.get("/metrics")
    async def exposed() -> Response:
        return Response(metrics.exposed(), media_type=CONTENT_TYPE_LATEST)

    return router


def _or_unavailable(reason: str | None, status: str) -> dict[str, str]:
    if reason is not None:
        raise Problem(503, detail=reason)
    return {"status": status}
