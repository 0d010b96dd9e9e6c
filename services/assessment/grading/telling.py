"""Whom to tell what is new about their offering, by documents as they are stored: they are about to be judged anew."""

from collections.abc import Mapping
from typing import Any

from services.assessment.facts.circumstance_texts import circumstances_of
from services.assessment.facts.offering import in_force
from services.assessment.grading.outcomes import SOURCE
from shared.contracts.envelope import LearnerEvent, derived_id
from shared.contracts.fanout import OfferingArrived, RulingArrived
from shared.contracts.platform import Registration
from shared.contracts.rulings import AllInformed, Informed
from shared.kit.bindings import Document
from shared.kit.moments import moment


def behind(offering: Document) -> list[dict[str, Any]]:
    """Return what finds the learners' documents that may not be judged by all that is known of their offering."""
    tenant = offering["tenant"]
    where = {"_id": {"$gt": f"{tenant}/", "$lt": f"{tenant}0"}, "offering": offering["offering"]}
    found: list[dict[str, Any]] = []
    rulings = len(offering.get("rulings", ()))
    if offering.get("told", 0) < rulings:
        found += [{**where, "heard": {"$exists": False}}, {**where, "heard": {"$lt": rulings}}]
    if offering.get("searched", 0) < offering.get("turned", 0):
        found.append({**where, "policy_version": {"$gt": ""}})
    return found


def news(learner: Document, offering: Document) -> LearnerEvent | None:
    """Return what tells a learner's document of what it is behind with, or None where it is behind with nothing."""
    rulings = offering.get("rulings", ())
    if learner.get("heard", 0) < len(rulings):
        time = max(each[2] for each in rulings)
        return _told(RulingArrived, learner, time, "ruling arrived", len(rulings))
    if _misplaced(learner, offering):
        return _told(OfferingArrived, learner, offering["time"], "version arrived", offering["turned"])
    return None


def arrival(waiting: Document, offering: Document) -> LearnerEvent:
    """Tell a waiting progress document that the document of its offering is there."""
    return _told(OfferingArrived, waiting, offering["time"], "offering arrived")


def all_told(offering: Document) -> AllInformed:
    """Note that every learner has been told of all that an offering's document holds."""
    rulings, turned = offering.get("rulings", ()), offering.get("turned", 0)
    counts = (len(rulings), turned) if turned else (len(rulings),)
    return AllInformed(
        id=derived_id(offering["_id"], "all told", *counts),
        source=SOURCE,
        time=moment(max((each[2] for each in rulings), default=offering["time"])),
        tenant=offering["tenant"],
        data=Informed(offering=offering["offering"], rulings=len(rulings), turns=turned or None),
    )


def _told(kind: type[LearnerEvent], learner: Mapping[str, Any], time: int, *causes: str | int) -> LearnerEvent:
    return kind.model_validate(
        {
            "id": derived_id(learner["_id"], *causes),
            "source": SOURCE,
            "time": moment(time),
            "tenant": learner["tenant"],
            "learner_ref": learner["learner_ref"],
            "data": Registration(offering=learner["offering"]),
        }
    )


def _misplaced(learner: Document, offering: Document) -> bool:
    """Tell whether a learner was judged by another version than the one that was in force when they enrolled."""
    publications, judged = offering.get("publications", ()), learner["policy_version"]
    if len(publications) < 2 or judged is None:  # noqa: PLR2004 - with one there is nothing to choose
        return False
    version = in_force(publications, min(time for time, _, enrolled in learner["placements"] if enrolled))
    around = circumstances_of(learner["around"]) if "around" in learner else None
    return version not in {"", (around and around.began_under) or judged}
