"""One example of each ruling on grades, and of what is told to learners because of one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.envelope import Event, derived_id
from shared.contracts.example_offering import OFFERING, POLICY
from shared.contracts.fanout import RulingArrived
from shared.contracts.platform import Registration
from shared.contracts.rulings import (
    AllInformed,
    AllMigrated,
    AllReleased,
    Extension,
    ExtensionGranted,
    Informed,
    LearnerMigrated,
    Migration,
    Release,
    ResultsReleased,
)

_DAY = datetime(2026, 10, 5, 8, tzinfo=UTC)
_DUE = _DAY + timedelta(days=7)
_ABOUT: dict[str, Any] = {"offering": OFFERING, "by": "exam-office"}


def _envelope(kind: type[Event]) -> dict[str, Any]:
    return {
        "id": derived_id("example", kind.TYPE),
        "source": "microcred/assessment",
        "time": _DAY,
        "tenant": "ou",
        "platform": "courses.ou.example",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }


_LEARNER = {"learner_ref": "a3f81c09"}
_MIGRATION = Migration(**_ABOUT, policy_version=POLICY.version)
RULINGS: tuple[Event, ...] = (
    ExtensionGranted(**_envelope(ExtensionGranted), **_LEARNER, data=Extension(**_ABOUT, component="report", due=_DUE)),
    ResultsReleased(**_envelope(ResultsReleased), **_LEARNER, data=Release(**_ABOUT, component="report")),
    LearnerMigrated(**_envelope(LearnerMigrated), **_LEARNER, data=_MIGRATION),
    AllReleased(**_envelope(AllReleased), data=Release(**_ABOUT)),
    AllMigrated(**_envelope(AllMigrated), data=_MIGRATION),
    AllInformed(**_envelope(AllInformed), data=Informed(offering=OFFERING, rulings=2)),
    RulingArrived(**_envelope(RulingArrived), **_LEARNER, data=Registration(offering=OFFERING)),
)
