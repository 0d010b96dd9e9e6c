"""What differs from credential to credential of one offering: which members there are, and what they say. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from services.issuance.achievement import Graded
from services.issuance.jsonld.skeleton import Path
from services.issuance.passes import Evidence, Pass
from services.issuance.wording import given, percent, timestamp

Document = dict[str, Any]

_ALWAYS: dict[str, Path] = {
    "id": ("id",),
    "validFrom": ("validFrom",),
    "subject": ("credentialSubject", "id"),
    "status": ("credentialStatus", "id"),
    "index": ("credentialStatus", "statusListIndex"),
    "list": ("credentialStatus", "statusListCredential"),
}
_DATES = ("validUntil", "awardedDate")
_SAID = ("activityStartDate", "activityEndDate", "role", "term")


@dataclass(frozen=True, slots=True)
class Shape:
    """Which members a credential has besides its offering's: credentials of one shape share a skeleton.

    `scored` are the components with a score, `said` the subject's own members, `evidence` each piece's.
    """

    graded: Graded
    scored: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """What one credential says besides its pass: its names, its place in a status list, its dates and its grade."""

    url: str
    subject: str
    list_url: str
    index: int
    awarded: datetime
    valid_from: datetime
    valid_until: datetime | None
    grade_percent: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a pass says of its learner, as members of the subject and of each piece of evidence."""

    passed: Pass
    subject: dict[str, str]
    evidence: tuple[dict[str, str], ...]

    @classmethod
    def by(cls, passed: Pass) -> Self:
        """Return what a pass says."""
        return cls(passed, _of_subject(passed), tuple(map(_of_evidence, passed.evidence)))


def shape_for(said: Said, graded: Graded, *, ends: bool) -> Shape:
    """Return the shape of a pass's credential; `graded` is the offering's of today.

    A learner is graded by the policy that they started under, which need not be that.
    """
    passed = said.passed
    mark = graded.pass_mark if passed.pass_mark is None else percent(passed.pass_mark)
    components = tuple((each.id, each.title) for each in passed.components) or graded.components
    return Shape(
        Graded(mark, components),
        tuple(each.id for each in passed.components if each.percent is not None),
        tuple(said.subject),
        tuple(map(tuple, said.evidence)),
        ends,
    )


def slots_of(document: Document) -> dict[str, Path]:
    """Return where a credential differs from others of its shape: the slots that its skeleton has."""
    subject = document["credentialSubject"]
    slots: dict[str, Path] = {name: (name,) for name in _DATES if name in document}
    slots |= {name: ("credentialSubject", name) for name in _SAID if name in subject}
    if "refreshService" in document:
        slots["refresh"] = ("refreshService", "id")
    for nth, result in enumerate(subject.get("result", [])):
        if "value" in result:
            slots[f"value{nth}"] = ("credentialSubject", "result", nth, "value")
    for nth, piece in enumerate(document.get("evidence", [])):
        slots |= {f"{name}{nth}": ("evidence", nth, name) for name in piece if name != "type"}
    return {**_ALWAYS, **slots}


def values_for(said: Said, filling: Filling) -> dict[str, str]:
    """Return what stands in the slots of one credential."""
    values = {
        "id": filling.url,
        "validFrom": timestamp(filling.valid_from),
        "awardedDate": timestamp(filling.awarded),
        "subject": filling.subject,
        "status": f"{filling.list_url}#{filling.index}",
        "index": str(filling.index),
        "list": filling.list_url,
        "value0": percent(filling.grade_percent),
        **said.subject,
    }
    if filling.valid_until is not None:
        values["validUntil"] = timestamp(filling.valid_until)
        values["refresh"] = f"{filling.url}.json"
    scores = [each.percent for each in said.passed.components if each.percent is not None]
    # The first two results are the grade and the status.
    values |= {f"value{nth}": percent(score) for nth, score in enumerate(scores, 2)}
    for nth, piece in enumerate(said.evidence):
        values |= {f"{name}{nth}": text for name, text in piece.items()}
    return values


def _of_subject(passed: Pass) -> dict[str, str]:
    return given(
        activityStartDate=timestamp(passed.started) if passed.started else None,
        activityEndDate=timestamp(passed.ended) if passed.ended else None,
        role=passed.role,
        term=passed.term,
    )


def _of_evidence(piece: Evidence) -> dict[str, str]:
    return given(
        id=piece.url,
        name=piece.name,
        description=piece.description,
        narrative=piece.narrative,
        genre=piece.genre,
        audience=piece.audience,
    )
