"""Composition root: `python -m services.enrolment.main --role api|worker|all|bridge`."""

from functools import partial

from services.enrolment.bridge.worker import bridge
from services.enrolment.catalogue.routes import router as catalogue
from services.enrolment.door.opening import open_door
from services.enrolment.errors import STATUSES
from services.enrolment.learners.routes import router as learner_router
from services.enrolment.platform_routes import DECODED, PLATFORM_ROUTERS
from services.enrolment.routes import router
from services.enrolment.settings import Settings
from services.enrolment.stream import worker
from shared.kit.run import run
from shared.kit.service import Service


def service(settings: Settings) -> Service:
    """Enrolment: what platforms report goes in here, and who is enrolled comes out."""
    return Service(
        name="enrolment",
        title="Microcred enrolment",
        settings=settings,
        worker=worker,
        routers=(catalogue, router, learner_router, *PLATFORM_ROUTERS),
        errors=STATUSES,
        on_start=open_door,
        bridge=partial(bridge, settings) if settings.openedx_topics else None,
        decoded=DECODED,
    )


if __name__ == "__main__":
    raise SystemExit(run(service, Settings))
