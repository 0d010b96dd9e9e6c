"""The read models in MongoDB: offerings as last published, awards with their credentials, and what status lists say."""

from collections import Counter
from dataclasses import asdict, dataclass

from services.issuance.award_documents import dump_award, load_award, new_award
from services.issuance.domain import Award, Credential
from services.issuance.errors import (
    AchievementNotFound,
    CredentialNotFound,
    IssuerNotFound,
    PublicationNotFound,
    StatusListNotFound,
)
from services.issuance.marks import BITS, CHANGES, Purpose
from services.issuance.passes import Offering
from services.issuance.wording import timestamp
from shared.contracts.envelope import utc
from shared.kit.bindings import Model
from shared.kit.store import Document, Reader

_PAGE = 2000


def _load_offering(document: Document) -> Offering:
    fields = {key: value for key, value in document.items() if key != "_id"}
    return Offering(**{**fields, "published": utc(document["published"])})


def _dump_offering(offering: Offering | None) -> Document:
    assert offering is not None  # noqa: S101 - only what changed is dumped, and it changes to something
    return {**asdict(offering), "published": timestamp(offering.published)}


OFFERINGS: Model[Offering | None] = Model(
    "offerings", lambda _: None, _load_offering, _dump_offering, indexes=((("tenant", 1),),)
)
#: Every publication for itself: a credential says what its own said, also when its offering says something else by now.
PUBLICATIONS: Model[Offering | None] = Model("publications", lambda _: None, _load_offering, _dump_offering)
AWARDS: Model[Award] = Model(
    "awards",
    new_award,
    load_award,
    dump_award,
    indexes=((("credentials.credential_id", 1),), (("lists", 1), ("_id", 1)), (("decided_in", 1), ("decided", -1))),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A status list as it stands: whose it is, which indexes are set, and since when it says so."""

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
            credential = award.credential(credential_id)
            if credential is not None:
                return award, credential
        raise CredentialNotFound(f"no credential has the id {credential_id}")

    async def own_credential(self, tenant: str, credential_id: str) -> tuple[Award, Credential]:
        """Return a credential of an institution; those of others are not told apart from those that are not there.

        Raises:
            CredentialNotFound: the institution has none of this id.

        """
        award, credential = await self.credential(credential_id)
        if award.tenant != tenant:
            raise CredentialNotFound(f"no credential has the id {credential_id}")
        return award, credential

    async def credentials_of(self, tenant: str, learner_ref: str) -> list[Credential]:
        """Return a learner's credentials, the oldest first."""
        # An award's key begins with both; "0" is what follows "/".
        where = {"_id": {"$gt": f"{tenant}/{learner_ref}/", "$lt": f"{tenant}/{learner_ref}0"}}
        awards = [AWARDS.load(each) for each in await self.reader.find(AWARDS.collection, where, limit=_PAGE)]
        found = [one for award in awards for one in award.credentials]
        return sorted(found, key=lambda one: (one.issued, one.credential_id))

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

    async def publication(self, tenant: str, offering: str, event_id: str) -> Offering:
        """Return an offering as one event published it.

        Raises:
            PublicationNotFound: it is not kept.

        """
        document = await self.reader.get(PUBLICATIONS.collection, f"{tenant}/{offering}#{event_id}")
        if document is not None:
            return _load_offering(document)
        latest = await self.offering(tenant, offering)
        if latest.event_id != event_id:
            raise PublicationNotFound(
                f"what {tenant} published of {offering} by {event_id} is not kept: run `microcred rebuild issuance`"
            )
        return latest

    async def changes(self, list_id: str) -> int:
        """Return how often anything was decided about the entries of a status list; it only ever grows."""
        counters = await self.reader.find(CHANGES, {"list": list_id}, limit=_PAGE)
        return sum(int(each["facts"]) for each in counters)

    async def listed(self, list_id: str, purpose: Purpose) -> Listed:
        """Return what is set in a status list; page by page, so that a long one does not hold up others.

        Raises:
            StatusListNotFound: no credential has an entry in it.

        """
        [*first] = await self.reader.find(AWARDS.collection, {"lists": list_id}, limit=1)
        if not first:
            raise StatusListNotFound(f"no credential has an entry in a status list {list_id}")
        [*last] = await self.reader.find(
            AWARDS.collection, {"decided_in": list_id}, sort=(("decided", -1), ("_id", 1)), limit=1
        )
        since = last[0]["decided"] if last else _issued_in(first[0], list_id)
        return Listed(first[0]["tenant"], await self._set_in(list_id, purpose), since)

    async def _set_in(self, list_id: str, purpose: Purpose) -> tuple[int, ...]:
        counts: Counter[int] = Counter()
        where, after = {"list": list_id, "purpose": purpose}, ""
        while page := await self.reader.find(BITS, {**where, "_id": {"$gt": after}}, limit=_PAGE):
            after = str(page[-1]["_id"])
            for each in page:
                counts[int(each["index"])] += each["set"]
        return tuple(sorted(index for index, count in counts.items() if count > 0))


def _issued_in(document: Document, list_id: str) -> str:
    """Return when the first credential with an entry in a list was issued, as far as one document tells."""
    return timestamp(min(one.issued for one in AWARDS.load(document).credentials if one.status_list == list_id))
