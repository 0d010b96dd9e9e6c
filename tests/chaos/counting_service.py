"""The counting worker as a process: what it folds twice it counts twice."""

from shared.kit.run import run
from shared.kit.service import Service
from shared.kit.settings import ServiceSettings
from shared.testing.counting import counting_worker


def service(settings: ServiceSettings) -> Service:
    """Count each learner's events."""
    return Service(name="counting", title="Counting", settings=settings, worker=counting_worker())


if __name__ == "__main__":
    raise SystemExit(run(service, ServiceSettings))
