"""One call: a seed and a number of learners in, the events as they arrive and what must come of them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from deploy.cli.demo_data.courses import courses
from deploy.cli.demo_data.delivery import Disorder, deliver
from deploy.cli.demo_data.population import Chances, population
from deploy.cli.demo_data.reports import Reporter
from deploy.cli.demo_data.truth import expected_funnel
from deploy.cli.funnel import Funnel
from shared.contracts.envelope import Event


@dataclass(frozen=True, slots=True)
class Run:
    """A generated run: events in the order of arrival, and the funnel that they must end in."""

    tenant: str
    learners: int
    events: Sequence[Event]
    truth: Funnel


def generate(
    learners: int,
    seed: int,
    tenant: str,
    *,
    chances: Chances | None = None,
    disorder: Disorder | None = None,
) -> Run:
    """Return a run; the same arguments give the same run."""
    offered = courses()
    stories = list(population(learners, seed, offered, chances))
    reporter = Reporter(tenant)
    order = Random(f"{seed}/delivery")  # noqa: S311 - made-up data, no secret
    events = deliver(reporter.stories(stories), offered, reporter, order, disorder)
    policies = {course.offering.offering: course.offering.policy for course in offered}
    return Run(tenant, learners, events, expected_funnel(stories, policies))
