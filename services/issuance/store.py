"""The read models in MongoDB: offerings as last published, and awards with their credentials."""

from dataclasses import asdict, dataclass
from typing import Any

from services.issuance.domain import Award, Component, Credential, Evidence, Offering, Pass, Withdrawal
from services.issuance.errors import AchievementNotFound, CredentialNotFound, IssuerNotFound, StatusListNotFound
from services.issuance.wording import timestamp
from shared.contracts.envelope import utc
from shared.kit.store import Document, Reader
from shared.kit.worker import Model

_PAGE = 500
_MOMENTS = ("time", "started", "ended")


def _load_offering(document: Document) -> Offering:
    fields = {key: value for key, value in document.items() if key != "_id"}
    return Offering(**{**fields, "published": utc(document["published"])})


def _dump_offering(offering: Offering | None) -> Document:
    assert offering is not None  # noqa: S101 - only what changed is dumped, and it changes to something
    return {**asdict(offering), "published": timestamp(offering.published)}


def _new_award(key: str) -> Award:
    tenant, learner_ref, offering = key.split("/", 2)
    return Award(tenant, learner_ref, offering)


def _load_award(document: Document) -> Award:
    return Award(
        document["tenant"],
        document["learner_ref"],
        document["offering"],
        tuple(map(_load_credential, document["credentials"])),
        tuple(map(_load_pass, document["held"])),
        {each["pass_id"]: _load_withdrawal(each) for each in document["withdrawn"]},
    )


def _dump_award(award: Award) -> Document:
    document: Document = {
        "tenant": award.tenant,
        "learner_ref": award.learner_ref,
        "offering": award.offering,
        "credentials": list(map(_dump_credential, award.credentials)),
        "held": list(map(_dump_pass, award.held)),
        "withdrawn": [{"pass_id": key, **_dump_withdrawal(one)} for key, one in award.withdrawn.items()],
    }
    revoked = sorted({one.status_list for one in award.credentials if one.revoked})
    if revoked:
        document["revoked_in"] = revoked
    if award.held:
        document["waiting_for"] = f"{award.tenant}/{award.offering}"
    return document


def _load_pass(document: Document) -> Pass:
    moments = {name: utc(document[name]) for name in _MOMENTS if document.get(name)}
    components = tuple(Component(**each) for each in document["components"])
    evidence = tuple(Evidence(**each) for each in document["evidence"])
    return Pass(**{**document, **moments, "components": components, "evidence": evidence})


def _dump_pass(held: Pass) -> Document:
    moments = {name: timestamp(moment) for name in _MOMENTS if (moment := getattr(held, name))}
    return {**asdict(held), **moments}


def _load_credential(document: Document) -> Credential:
    revoked = _load_withdrawal({"time": document["revoked_at"], **document}) if "revoked_at" in document else None
    return Credential(
        document["credential_id"],
        document["pass_id"],
        document["status_list"],
        document["status_index"],
        utc(document["valid_from"]),
        bytes(document["document"]),
        revoked,
    )


def _dump_credential(credential: Credential) -> Document:
    document: Document = {
        "credential_id": credential.credential_id,
        "pass_id": credential.pass_id,
        "status_list": credential.status_list,
        "status_index": credential.status_index,
        "valid_from": timestamp(credential.valid_from),
        "document": credential.document,
    }
    if credential.revoked:
        document |= {"revoked_at": timestamp(credential.revoked.time), "reason": credential.revoked.reason}
    return document


def _load_withdrawal(document: Document) -> Withdrawal:
    return Withdrawal(utc(document["time"]), document["reason"])


def _dump_withdrawal(withdrawal: Withdrawal) -> dict[str, Any]:
    return {"time": timestamp(withdrawal.time), "reason": withdrawal.reason}


OFFERINGS: Model[Offering | None] = Model(
    "offerings", lambda _: None, _load_offering, _dump_offering, indexes=((("tenant", 1),),)
)
AWARDS: Model[Award] = Model(
    "awards",
    _new_award,
    _load_award,
    _dump_award,
    indexes=((("credentials.credential_id", 1),), (("credentials.status_list", 1),), (("revoked_in", 1), ("_id", 1))),
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A status list as it stands: whose it is, which indexes are set, and since when."""

    tenant: str
    indexes: tuple[int, ...]
    since: str


@dataclass(frozen=True, slots=True)
class Registry:
    """Reading what was published and issued; everything here is public."""

    reader: Reader

    async def credential(self, credential_id: str) -> tuple[Award, Credential]:
        """Return a credential and the award that it belongs to.

        Raises:
            CredentialNotFound: there is none of this id.

        """
        for document in await self.reader.find(
            AWARDS.collection, {"credentials.credential_id": credential_id}, limit=1
        ):
            award = AWARDS.load(document)
            return award, next(one for one in award.credentials if one.credential_id == credential_id)
        raise CredentialNotFound(f"no credential has the id {credential_id}")

    async def issuer(self, tenant: str) -> Offering:
        """Return one offering of an institution, which shows that it issues here.

        Raises:
            IssuerNotFound: it has none.

        """
        for document in await self.reader.find(OFFERINGS.collection, {"tenant": tenant}, limit=1):
            return _load_offering(document)
        raise IssuerNotFound(f"no institution {tenant} has published an offering here")

    async def offering(self, tenant: str, offering: str) -> Offering:
        """Return an offering as last published.

        Raises:
            AchievementNotFound: the institution has none of this name.

        """
        document = await self.reader.get(OFFERINGS.collection, f"{tenant}/{offering}")
        if document is None:
            raise AchievementNotFound(f"{tenant} offers no achievement {offering}")
        return _load_offering(document)

    async def marked(self, list_id: str) -> Marked:
        """Return what is set in a status list; page by page, so that a long one does not hold up others.

        Raises:
            StatusListNotFound: no credential has an entry in it.

        """
        first = await self.reader.find(AWARDS.collection, {"credentials.status_list": list_id}, limit=1)
        if not first:
            raise StatusListNotFound(f"no credential has an entry in a status list {list_id}")
        entries = [one for one in AWARDS.load(first[0]).credentials if one.status_list == list_id]
        revoked, last = [], ""
        while page := await self.reader.find(
            AWARDS.collection, {"revoked_in": list_id, "_id": {"$gt": last}}, limit=_PAGE
        ):
            last = str(page[-1]["_id"])
            credentials = [one for document in page for one in AWARDS.load(document).credentials]
            revoked += [one for one in credentials if one.status_list == list_id and one.revoked]
        since = max((one.revoked.time for one in revoked if one.revoked), default=entries[0].valid_from)
        return Marked(first[0]["tenant"], tuple(sorted(one.status_index for one in revoked)), timestamp(since))
