"""One example of each ruling on grades, and of what is told to learners because of one."""

from datetime import timedelta
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.examples.envelopes import ASSESSMENT, START, envelope
from shared.contracts.examples.offering import OFFERING, POLICY
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

_DAY = 34
_DUE = START + timedelta(days=_DAY + 7)
_ABOUT: dict[str, Any] = {"offering": OFFERING, "by": "exam-office"}


def _ruled(kind: type[Event]) -> dict[str, Any]:
    return envelope(kind, ASSESSMENT, _DAY)


_LEARNER = {"learner_ref": "a3f81c09"}
_MIGRATION = Migration(**_ABOUT, policy_version=POLICY.version)
RULINGS: tuple[Event, ...] = (
    ExtensionGranted(
        **_ruled(ExtensionGranted),
        **_LEARNER,
        data=Extension(**_ABOUT, component="report", due=_DUE),
    ),
    ResultsReleased(**_ruled(ResultsReleased), **_LEARNER, data=Release(**_ABOUT, component="report")),
    LearnerMigrated(**_ruled(LearnerMigrated), **_LEARNER, data=_MIGRATION),
    AllReleased(**_ruled(AllReleased), data=Release(**_ABOUT)),
    AllMigrated(**_ruled(AllMigrated), data=_MIGRATION),
    AllInformed(**_ruled(AllInformed), data=Informed(offering=OFFERING, rulings=2)),
    RulingArrived(**_ruled(RulingArrived), **_LEARNER, data=Registration(offering=OFFERING)),
)
