"""Composition root: `python -m services.assessment.main --role api|worker|all`."""

from services.assessment.errors import STATUSES
from services.assessment.routes import router
from services.assessment.rulings.routes import router as rulings
from services.assessment.settings import Settings
from services.assessment.stream import worker
from shared.kit.run import run
from shared.kit.service import Service


def service(settings: Settings) -> Service:
    """Assessment: results to grades, passes and their withdrawals."""
    return Service(
        name="assessment",
        title="Microcred assessment",
        settings=settings,
        worker=worker,
        routers=(router, rulings),
        errors=STATUSES,
    )


if __name__ == "__main__":
    raise SystemExit(run(service, Settings))
