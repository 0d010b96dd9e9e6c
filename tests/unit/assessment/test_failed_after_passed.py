"""What a cmi5 unit that fails after it passed, against the rule, counts for under each way to count attempts."""

from typing import Any

import pytest

from shared.contracts.envelope import Event
from shared.contracts.platform import ResultReported
from tests.unit.assessment import facts as a
from tests.unit.assessment.facts import Learner
from tests.unit.enrolment.spoken import said
from tests.unit.enrolment.xapi.test_cmi5 import spoken

LATER = "2026-03-02T09:41:00.000Z"
FAILED = "6f2c3e1a-5b1d-4f0a-9a51-2f6a4e6b8c12"


def told() -> list[Event]:
    """Return 82 % as passed, and 42 % as failed a minute later, under one registration."""
    return [as_ours(each) for each in said(spoken("passed"), spoken("failed", id=FAILED, timestamp=LATER))]


def as_ours(event: Any) -> Event:
    assert isinstance(event, ResultReported)
    data = event.data.model_copy(update={"offering": a.OFFERING, "component": "exam"})
    return event.model_copy(update={"learner_ref": a.LEARNER, "tenant": a.TENANT, "data": data})


@pytest.mark.parametrize(
    ("attempts", "mark", "stands"),
    [("best", "75", True), ("last", "75", False), ("mean", "75", False), ("mean", "60", True)],
)
def test_a_fail_after_a_pass_counts_where_the_policy_counts_every_attempt(
    attempts: str, mark: str, *, stands: bool
) -> None:
    passed, failed = told()
    for order in ([passed, failed], [failed, passed]):
        learner = Learner().fold(a.offering(mark=mark, attempts=attempts), a.enrolled(), *order)
        assert learner.progress.passed is stands
