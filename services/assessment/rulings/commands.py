"""What institutions rule on grades, as events to append; what makes no sense is refused by field. Pure."""

from typing import Any, Literal

from services.assessment.errors import RulingRefused
from services.assessment.facts.offering import Offering
from services.assessment.grading.outcomes import SOURCE
from services.assessment.rulings.handlers import MAX_RULINGS
from shared.contracts.envelope import Event, derived_id
from shared.contracts.rulings import (
    AllMigrated,
    AllReleased,
    ExtensionGranted,
    LearnerMigrated,
    ResultsReleased,
)
from shared.kit.asked import Asked

Kind = Literal["release", "extension", "migration"]
_OF_ONE: dict[Kind, type[Event]] = {
    "release": ResultsReleased,
    "extension": ExtensionGranted,
    "migration": LearnerMigrated,
}
_SHOWN = 10
_OF_ALL: dict[Kind, type[Event]] = {"release": AllReleased, "migration": AllMigrated}


def ruled(kind: Kind, offering: Offering, learner: str | None, asked: Asked, **terms: Any) -> Event:
    """Return the event of a ruling on one learner, or without one on all learners of the offering.

    Raises:
        RulingRefused: it names what the offering does not have.

    """
    _require_sense(offering, terms)
    event = _OF_ONE[kind] if learner else _OF_ALL[kind]
    id_ = derived_id("ruling", kind, offering.tenant, offering.offering, learner, asked.once or (asked.now, terms))
    if learner is None and len(offering.rulings) >= MAX_RULINGS:
        raise RulingRefused("offering", f"{MAX_RULINGS} rulings on all its learners were made already")
    return event.model_validate(
        {
            "id": id_,
            "source": SOURCE,
            "time": asked.now,
            "tenant": offering.tenant,
            "platform": asked.caller.platform,
            "traceparent": asked.traceparent,
            **({"learnerref": learner} if learner else {}),
            "data": {"offering": offering.offering, "by": asked.caller.client_id, **terms},
        }
    )


def _require_sense(offering: Offering, terms: dict[str, Any]) -> None:
    for field in ("policy_version", "from_version"):
        version = terms.get(field)
        if version is not None and version not in offering.policies:
            raise RulingRefused(field, f"{version} is no version of this offering's policy: {_some(offering.policies)}")
    components = {each.id for policy in offering.policies.values() for each in policy.components}
    component = terms.get("component")
    if component is not None and component not in components:
        raise RulingRefused("component", f"{component} is no component of this offering: {_some(components)}")


def _some(names: Any) -> str:
    known = sorted(names)
    return "take one of " + ", ".join(known[:_SHOWN]) + (", ..." if len(known) > _SHOWN else "")
