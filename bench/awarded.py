"""Was every pass certified, and none twice: the awards of a run against the passes, a sample read by others."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError
from pymongo import MongoClient

from bench.errors import EffectsLost
from services.issuance.credential import subject_id
from services.issuance.did import did_document
from services.issuance.jsonld.contexts import KNOWN, context
from services.issuance.keys.ring import KeyRing
from services.issuance.names import Names
from services.issuance.store import AWARDS
from services.issuance.wording import percent, timestamp
from shared.contracts.assessment import LearnerPassed
from shared.contracts.envelope import derived_id
from shared.contracts.topics import ISSUED
from shared.kit.store import Document

SAMPLE = 25
_PAGE = 1_000


class Truth:
    """What issuance must make of passes: for each one credential, said once."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.passes: dict[str, LearnerPassed] = {}
        self.said: dict[str, set[str]] = {ISSUED.name: set()}

    def taking(self, passes: Iterable[LearnerPassed]) -> Iterator[LearnerPassed]:
        """Yield the passes, and take each."""
        for event in passes:
            self.passes[_award(event)] = event
            self.said[ISSUED.name].add(derived_id("issued", _credential(event)))
            yield event

    @property
    def documents(self) -> dict[str, Document]:
        """Nothing: where a credential stands on the log is a part of its document (`check_awards`)."""
        return {}


def awards_of(mongo_url: str, database: str) -> Iterator[Document]:
    """Yield all awards of a database, and drop it."""
    client: MongoClient[Document] = MongoClient(mongo_url, tz_aware=True)
    with client:
        yield from client[database][AWARDS.collection].find(batch_size=_PAGE)
        client.drop_database(database)


def check_awards(name: str, awards: Iterable[Document], truth: Truth, names: Names, keys: KeyRing) -> None:
    """Raise `EffectsLost` unless every pass has its one credential, and others accept a sample of them."""
    expected = len(truth.passes)
    step = max(expected // SAMPLE, 1)
    found, right, entries, sample = 0, 0, set(), []
    for found, award in enumerate(awards, 1):
        event = truth.passes.get(award["_id"])
        right += event is not None and is_right(award, event, names)
        entries |= {(each["status_list"], each["status_index"]) for each in award["credentials"]}
        if found % step == 0:
            sample += [orjson.loads(each["document"]) for each in award["credentials"]]
    if not right == found == len(entries) == expected:
        raise EffectsLost(name, f"of {found} awards with {len(entries)} status entries", right, expected)
    accepted = sum(map(accepts(names, keys), sample))
    if accepted < len(sample):
        raise EffectsLost(name, "credentials accepted by openbadgeslib", accepted, len(sample))


def is_right(award: Document, event: LearnerPassed, names: Names) -> bool:
    """Tell whether an award, as it stands in the database, has this pass's credential and no other."""
    if len(award["credentials"]) != 1 or award["held"] or award["withdrawn"]:
        return False
    (kept,) = award["credentials"]
    said, data = orjson.loads(kept["document"]), event.data
    scores = [each.score_percent for each in data.components if each.score_percent is not None]
    results = [each["value"] for each in said["credentialSubject"]["result"] if "value" in each]
    return (kept["credential_id"], kept["passed"]["id"]) == (_credential(event), event.id) and (
        said["id"] == names.credential(kept["credential_id"])
        and said["validFrom"] == timestamp(event.time)
        and said["credentialSubject"]["id"] == subject_id(event.tenant, event.learner_ref)
        and results == [percent(each) for each in (data.grade_percent, *scores)]
        and [each.get("id") for each in said.get("evidence", [])] == [each.url for each in data.evidence]
        and said["credentialStatus"]["statusListIndex"] == str(kept["status_index"])
        and said["credentialStatus"]["statusListCredential"] == names.status_list(kept["status_list"])
    )


def accepts(names: Names, keys: KeyRing) -> Callable[[Document], bool]:
    """Return whether openbadgeslib accepts a credential, and refuses it with another grade."""
    known: dict[str, Any] = {url: {"@context": context(url)} for url in KNOWN}

    def download(url: str, *_: object, **__: object) -> bytes:
        tenant = url.removesuffix("/did.json").rpartition("/")[2]
        return orjson.dumps(known.get(url) or did_document(names, tenant, keys))

    def is_accepted(credential: Document) -> bool:
        try:
            return bool(OB3LdpVerifier().verify(credential, download=download).id == credential["id"])
        except OB3VerificationError:
            return False

    return lambda credential: is_accepted(credential) and not is_accepted(_with_other_grade(credential))


def _with_other_grade(credential: Document) -> Document:
    other: Document = orjson.loads(orjson.dumps(credential))
    results: Sequence[Document] = other["credentialSubject"]["result"]
    results[0]["value"] = f"{results[0]['value']}1"
    return other


def _award(event: LearnerPassed) -> str:
    return f"{event.tenant}/{event.learner_ref}/{event.data.offering}"


def _credential(event: LearnerPassed) -> str:
    return derived_id("credential", event.id)
