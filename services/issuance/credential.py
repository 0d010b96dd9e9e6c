"""An offering's credential as a document: Open Badges 3.0 AchievementCredential on VC 2.0.

Pure. Sources: Open Badges 3.0, section B.1 (data models); Verifiable Credentials Data Model 2.0, section 4.
What all credentials of one form share is prepared once; what differs from learner to learner stands in slots.
"""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from services.issuance.achievement import Graded, achievement_document, component_id, grade_id, status_id
from services.issuance.contexts import CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES
from services.issuance.domain import Evidence, Offering, Pass
from services.issuance.profile import issuer
from services.issuance.skeleton import Path, Skeleton, prepared
from services.issuance.wording import given, number, percent, timestamp
from shared.contracts.achievement import Validity
from shared.contracts.enrolment import Offering as Definition
from shared.contracts.envelope import derived_id, utc

Document = dict[str, Any]

CONTEXTS = [CREDENTIALS_V2, OPEN_BADGES, EXTENSIONS]
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}
_ALWAYS: dict[str, Path] = {
    "id": ("id",),
    "valid_from": ("validFrom",),
    "subject": ("credentialSubject", "id"),
    "status": ("credentialStatus", "id"),
    "index": ("credentialStatus", "statusListIndex"),
    "list": ("credentialStatus", "statusListCredential"),
}
_SOMETIMES: dict[str, Path] = {
    "valid_until": ("validUntil",),
    "awarded": ("awardedDate",),
    "started": ("credentialSubject", "activityStartDate"),
    "ended": ("credentialSubject", "activityEndDate"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """The URLs and DIDs of everything that this service publishes, below one public URL."""

    public_url: str

    def credential(self, credential_id: str) -> str:
        """Return a credential's id, which is its URL."""
        return f"{self.public_url}/credentials/{credential_id}"

    def status_list(self, list_id: str) -> str:
        """Return a status list's id, which is its URL."""
        return f"{self.public_url}/status/{list_id}"

    def achievement(self, tenant: str, offering: str) -> str:
        """Return an achievement's id, which is its URL."""
        return f"{self.public_url}/issuers/{tenant}/achievements/{quote(offering, safe='')}"

    def issuer(self, tenant: str) -> str:
        """Return the institution's did:web (did:web method, section 2.5.2), whose document is at /did.json below it."""
        host, _, path = self.public_url.split("://", 1)[1].partition("/")
        return ":".join(["did:web", quote(host), *(quote(part) for part in path.split("/") if part), "issuers", tenant])

    def tenant_of(self, did: str) -> str | None:
        """Return the institution that a did:web of this service names, or None for any other DID."""
        prefix = self.issuer("")
        tenant = did.removeprefix(prefix)
        return tenant if did.startswith(prefix) and tenant and ":" not in tenant else None


@dataclass(frozen=True, slots=True)
class Form:
    """What a credential has besides its offering: as many learners as share it share one skeleton."""

    graded: Graded
    scored: tuple[str, ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()
    started: bool = False
    ended: bool = False
    role: str | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """The names of one credential: its own, its subject's, and its place in a status list."""

    url: str
    subject: str
    list_url: str
    index: int


def achievement(offering: Offering, names: Names) -> Document:
    """Return what is certified, as it stands on a credential of today."""
    definition = _definition(offering)
    return achievement_document(definition.achievement, _url(offering, names), _graded(offering))


def form_of(offering: Offering, passed: Pass | None = None) -> Form:
    """Return the form of a pass's credential, or of one that says no more than the offering."""
    graded = _graded(offering)
    if passed is None:
        return Form(graded)
    # A learner is graded by the policy that they started under, which need not be the one of today.
    mark = graded.pass_mark if passed.pass_mark is None else percent(passed.pass_mark)
    components = tuple((each.id, each.title) for each in passed.components) or graded.components
    return Form(
        Graded(mark, components),
        tuple(each.id for each in passed.components if each.percent is not None),
        tuple(tuple(_said(each)) for each in passed.evidence),
        passed.started is not None,
        passed.ended is not None,
        passed.role,
        passed.term,
    )


@lru_cache(maxsize=1024)
def skeleton_of(offering: Offering, names: Names, form: Form | None = None) -> Skeleton:
    """Return the prepared credential of an offering, compiled once for each of its versions and each form.

    Raises:
        SkeletonUnfit, CredentialRefused: no credential can be made of it.

    """
    form = form or form_of(offering)
    definition, url = _definition(offering), _url(offering, names)
    about = definition.achievement
    document = given(
        id="",
        type=["VerifiableCredential", "AchievementCredential"],
        name=about.name,
        issuer=issuer(definition.issuer, names.issuer(offering.tenant)),
        validFrom="",
        validUntil="" if about.validity else None,
        awardedDate="",
        credentialSubject=given(
            id="",
            type=["AchievementSubject"],
            achievement=achievement_document(about, url, form.graded),
            activityStartDate="" if form.started else None,
            activityEndDate="" if form.ended else None,
            creditsEarned=number(about.credits.available) if about.credits else None,
            role=form.role,
            term=form.term,
            result=_results(url, form),
        ),
        evidence=[{"type": ["Evidence"], **dict.fromkeys(each, "")} for each in form.evidence],
        endorsement=list(definition.endorsements),
        credentialSchema=[SCHEMA],
        credentialStatus={
            "id": "",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "",
            "statusListCredential": "",
        },
    )
    document = {"@context": CONTEXTS, **document}
    return prepared(document, slots_of(document))


def slots_of(document: Document) -> dict[str, Path]:
    """Return where a credential differs from others of its form: the slots that its skeleton has."""
    slots = {name: path for name, path in _SOMETIMES.items() if _has(document, path)}
    for nth, result in enumerate(document["credentialSubject"].get("result", [])):
        if "value" in result:
            slots[f"value{nth}"] = ("credentialSubject", "result", nth, "value")
    for nth, piece in enumerate(document.get("evidence", [])):
        slots |= {f"{name}{nth}": ("evidence", nth, name) for name in piece if name != "type"}
    return {**_ALWAYS, **slots}


def values_for(offering: Offering, passed: Pass, form: Form, issued: Issued) -> dict[str, str]:
    """Return what stands in the slots for one learner."""
    moment = timestamp(passed.time)
    percents = {each.id: each.percent for each in passed.components}
    values = {
        "id": issued.url,
        "valid_from": moment,
        "awarded": moment,
        "subject": issued.subject,
        "status": f"{issued.list_url}#{issued.index}",
        "index": str(issued.index),
        "list": issued.list_url,
        "value0": percent(passed.grade_percent),
    }
    for nth, component in enumerate(form.scored, 2):
        values[f"value{nth}"] = percent(percents[component] or 0)
    for nth, piece in enumerate(passed.evidence):
        values |= {f"{name}{nth}": text for name, text in _said(piece).items()}
    if passed.started:
        values["started"] = timestamp(passed.started)
    if passed.ended:
        values["ended"] = timestamp(passed.ended)
    validity = _definition(offering).achievement.validity
    if validity:
        values["valid_until"] = timestamp(expiry(validity, passed.time))
    return values


def expiry(validity: Validity, moment: datetime) -> datetime:
    """Return when a credential of this moment ends: so many days later, or on that day so many months later.

    A month without that day ends it on the month's last day.
    """
    start = utc(moment)
    if validity.days is not None:
        return start + timedelta(days=validity.days)
    years, month = divmod(start.month - 1 + (validity.months or 0), 12)
    year = start.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


def subject_id(tenant: str, learner_ref: str) -> str:
    """Return the learner's id on all credentials of one institution: derived, so that no reference is published."""
    return f"urn:uuid:{derived_id('learner', tenant, learner_ref)}"


@lru_cache(maxsize=1024)
def _definition(offering: Offering) -> Definition:
    return Definition.model_validate_json(offering.definition)


def _graded(offering: Offering) -> Graded:
    policy = _definition(offering).policy
    return Graded(percent(policy.pass_mark), tuple((each.id, each.title) for each in policy.components))


def _url(offering: Offering, names: Names) -> str:
    return names.achievement(offering.tenant, offering.offering)


def _results(url: str, form: Form) -> list[Document]:
    parts = [_result(component_id(url, each), value="") for each in form.scored]
    return [_result(grade_id(url), value=""), _result(status_id(url), status="Completed"), *parts]


def _result(description: str, **said: str) -> Document:
    return {"type": ["Result"], "resultDescription": description, **said}


def _said(piece: Evidence) -> dict[str, str]:
    """Return what a piece of evidence says, by the names of Open Badges 3.0."""
    return given(
        id=piece.url,
        name=piece.name,
        description=piece.description,
        narrative=piece.narrative,
        genre=piece.genre,
        audience=piece.audience,
    )


def _has(document: Document, path: Path) -> bool:
    node: Any = document
    for step in path:
        if step not in node:
            return False
        node = node[step]
    return True
