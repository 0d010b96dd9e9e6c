"""Puts analytics together; nobody imports this but those who start or test the whole service."""

import asyncio

from fastapi import FastAPI

from services.analytics import routes
from services.analytics.dashboard import routes as dashboard
from services.analytics.errors import STATUS
from services.analytics.live import LiveFunnels
from services.analytics.settings import Settings
from services.analytics.store import Funnels
from services.analytics.stream import worker
from shared.kit.run import run
from shared.kit.service import Service


def service(settings: Settings) -> Service:
    """Analytics: every learner's journey, the funnel, and the dashboard."""
    return Service(
        name="analytics",
        title="Microcred analytics",
        settings=settings,
        worker=worker,
        routers=(routes.router, dashboard.router),
        errors=STATUS,
        on_start=start,
    )


async def start(app: FastAPI) -> None:
    """Open the live funnels, and end their streams when the process is told to stop."""
    live = LiveFunnels(Funnels(app.state.reader).read, most=app.state.settings.live_listeners)

    async def end() -> None:
        await app.state.stopping.wait()
        live.close()

    app.state.live = live
    app.state.live_end = asyncio.create_task(end())  # a task that nobody holds may be collected


if __name__ == "__main__":
    raise SystemExit(run(service, Settings))
