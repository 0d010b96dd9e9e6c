"""Events and policies beyond places, marks and weights; the rest is in `facts`."""

from typing import Any

from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import Event
from shared.contracts.platform import IdentityChecked, LearningRecognised, VerdictReported
from shared.contracts.rulings import AllMigrated, AllReleased, ExtensionGranted, LearnerMigrated, ResultsReleased
from tests.unit.assessment.facts import LEARNER, OFFERING, TENANT, at

ONE_EXAM: tuple[dict[str, Any], ...] = ({"id": "exam", "weight": 1},)


def offering(*components: dict[str, Any], minute: int = 0, **rules: Any) -> OfferingPublished:
    data = {
        "offering": OFFERING,
        "achievement": {"name": "Data skills", "description": "What it is", "criteria": "How to earn it"},
        "issuer": {"name": "The Open University"},
        "policy": {"components": components or ONE_EXAM, "pass_mark": 40, **rules},
    }
    return OfferingPublished.model_validate({**_envelope(f"offering-{minute}", minute), "data": data})


def _envelope(id_: str, minute: int) -> dict[str, Any]:
    return {"id": id_, "source": "test", "time": at(minute), "tenant": TENANT}


def _about(kind: type[Event], id_: str, minute: int, **data: Any) -> Any:
    return kind.model_validate(
        {**_envelope(id_, minute), "learner_ref": LEARNER, "data": {"offering": OFFERING, **data}}
    )


def verdict(id_: str, *, passed: bool, minute: int = 0, by: str | None = None) -> VerdictReported:
    event: VerdictReported = _about(VerdictReported, id_, minute, passed=passed, by=by)
    return event


def recognised(id_: str, component: str | None = "exam", minute: int = 0, **more: Any) -> LearningRecognised:
    told = {"component": component, "reason": "Tested Out", **more}
    event: LearningRecognised = _about(LearningRecognised, id_, minute, **told)
    return event


def checked(
    id_: str, attempt: str | None = None, *, verified: bool = True, component: str | None = "exam", minute: int = 0
) -> IdentityChecked:
    told = {"component": component, "attempt": attempt, "verified": verified}
    event: IdentityChecked = _about(IdentityChecked, id_, minute, **told)
    return event


def released(id_: str, component: str | None = None, minute: int = 0) -> ResultsReleased:
    event: ResultsReleased = _about(ResultsReleased, id_, minute, by="office", component=component)
    return event


def extended(id_: str, due: int, component: str = "exam", minute: int = 0) -> ExtensionGranted:
    event: ExtensionGranted = _about(ExtensionGranted, id_, minute, by="office", component=component, due=at(due))
    return event


def migrated(id_: str, version: str, minute: int = 0, replaces: str | None = None) -> LearnerMigrated:
    told = {"by": "office", "policy_version": version, "from_version": replaces}
    event: LearnerMigrated = _about(LearnerMigrated, id_, minute, **told)
    return event


def all_released(id_: str, component: str | None = None, minute: int = 0) -> AllReleased:
    data = {"offering": OFFERING, "by": "office", "component": component}
    return AllReleased.model_validate({**_envelope(id_, minute), "data": data})


def all_migrated(id_: str, version: str, minute: int = 0, replaces: str | None = None) -> AllMigrated:
    data = {"offering": OFFERING, "by": "office", "policy_version": version, "from_version": replaces}
    return AllMigrated.model_validate({**_envelope(id_, minute), "data": data})
