"""Awards as documents in MongoDB, and back."""

from datetime import datetime

from services.issuance.domain import Award, Credential, Decision, Withdrawal
from services.issuance.pass_documents import dump_entry, dump_held, dump_pass, load_pass
from services.issuance.passes import Entry
from services.issuance.wording import timestamp
from shared.contracts.envelope import utc
from shared.kit.store import Document


def new_award(key: str) -> Award:
    """Return the award of a key, empty."""
    tenant, learner_ref, offering = key.split("/", 2)
    return Award(tenant, learner_ref, offering)


def load_award(document: Document) -> Award:
    """Return the award that a document holds."""
    return Award(
        document["tenant"],
        document["learner_ref"],
        document["offering"],
        tuple(map(_load_credential, document["credentials"])),
        tuple(map(load_pass, document["held"])),
        {each["pass_id"]: _load_withdrawal(each) for each in document["withdrawn"]},
        tuple(map(_load_decision, document.get("decisions", ()))),
    )


def dump_award(award: Award) -> Document:
    """Return the document of an award.

    `lists` are the status lists that it has an entry in. As soon as anything was decided about it, `decided_in` names
    them as well and `decided` is the last moment of that.
    """
    document: Document = {
        "tenant": award.tenant,
        "learner_ref": award.learner_ref,
        "offering": award.offering,
        "credentials": list(map(_dump_credential, award.credentials)),
        "held": list(map(dump_held, award.held)),
        "withdrawn": [{"pass_id": key, **_dump_withdrawal(one)} for key, one in award.withdrawn.items()],
        "lists": sorted({entry.status_list for one in award.credentials for entry in (one.entry, *one.replaced)}),
    }
    if award.decisions:
        document["decisions"] = list(map(_dump_decision, award.decisions))
    if award.decisions or award.withdrawn:
        facts = [*(one.time for one in award.decisions), *(one.time for one in award.withdrawn.values())]
        document |= {"decided_in": document["lists"], "decided": timestamp(max(facts))}
    if award.held:
        document["waiting_for"] = f"{award.tenant}/{award.offering}"
    return document


def _load_credential(document: Document) -> Credential:
    passed, entry = load_pass(document["passed"]), Entry(document["status_list"], document["status_index"])
    return Credential(
        credential_id=document["credential_id"],
        passed=passed,
        issued=_moment(document.get("issued")) or passed.time,
        expires=_moment(document.get("expires")),
        first=Entry(*document["first"]) if "first" in document else entry,
        entry=entry,
        valid_from=utc(document["valid_from"]),
        valid_until=_moment(document.get("valid_until")),
        replaced=tuple(Entry(*each) for each in document.get("replaced", ())),
        document=bytes(document["document"]),
        publication=document.get("publication", ""),
        revoked=_load_withdrawal(document["revoked"]) if "revoked" in document else None,
        suspended=_load_withdrawal(document["suspended"]) if "suspended" in document else None,
    )


def _dump_credential(credential: Credential) -> Document:
    document: Document = {
        "credential_id": credential.credential_id,
        "passed": dump_pass(credential.passed),
        "status_list": credential.entry.status_list,
        "status_index": credential.entry.index,
        "valid_from": timestamp(credential.valid_from),
        "document": credential.document,
        "publication": credential.publication,
    }
    if credential.issued != credential.passed.time:
        document["issued"] = timestamp(credential.issued)
    if credential.expires is not None:
        document["expires"] = timestamp(credential.expires)
    if credential.valid_until is not None:
        document["valid_until"] = timestamp(credential.valid_until)
    if credential.first != credential.entry:
        document["first"] = dump_entry(credential.first)
    if credential.replaced:
        document["replaced"] = list(map(dump_entry, credential.replaced))
    if credential.revoked is not None:
        document["revoked"] = _dump_withdrawal(credential.revoked)
    if credential.suspended is not None:
        document["suspended"] = _dump_withdrawal(credential.suspended)
    return document


def _load_decision(document: Document) -> Decision:
    fields = {key: value for key, value in document.items() if key not in {"time", "entry", "valid_until"}}
    return Decision(
        **fields,
        time=utc(document["time"]),
        entry=Entry(*document["entry"]),
        valid_until=_moment(document.get("valid_until")),
    )


def _dump_decision(decision: Decision) -> Document:
    return _without_none(
        {
            "id": decision.id,
            "kind": decision.kind,
            "credential_id": decision.credential_id,
            "time": timestamp(decision.time),
            "reason": decision.reason,
            "by": decision.by,
            "entry": dump_entry(decision.entry),
            "place": decision.place,
            "note": decision.note,
            "valid_until": _text(decision.valid_until),
            "grade_percent": decision.grade_percent,
        }
    )


def _load_withdrawal(document: Document) -> Withdrawal:
    return Withdrawal(
        utc(document["time"]),
        document["reason"],
        document.get("effect", "revoke"),
        document.get("event_id", ""),
        document.get("place", ""),
    )


def _dump_withdrawal(withdrawal: Withdrawal) -> Document:
    return {
        "time": timestamp(withdrawal.time),
        "reason": withdrawal.reason,
        "effect": withdrawal.effect,
        "event_id": withdrawal.event_id,
        "place": withdrawal.place,
    }


def _moment(text: str | None) -> datetime | None:
    return None if text is None else utc(text)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def _without_none(document: Document) -> Document:
    return {key: value for key, value in document.items() if value is not None}
