"""The read models in MongoDB: offerings with every version of their policy, progress with its attempts as JSON rows."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import orjson

from services.assessment.domain import Attempt, Component, Policy, policy_of
from services.assessment.facts.circumstance_texts import circumstances_of, text_of
from services.assessment.facts.circumstances import Migration, Release
from services.assessment.facts.offering import NOT_KNOWN, Offering, Publication
from services.assessment.facts.progress import Placement, Progress, Study
from shared.contracts.envelope import LearnerEvent
from shared.contracts.policy import Policy as Rules
from shared.kit.bindings import Model
from shared.kit.store import Document, Reader


def offering_id(tenant: str, offering: str) -> str:
    """Return the `_id` of an offering."""
    return f"{tenant}/{offering}"


def beside_key(event: LearnerEvent) -> str:
    """Return the `_id` of the offering that an event about a learner is about."""
    return f"{event.tenant}/{event.data.offering or ''}"


def progress_key(event: LearnerEvent) -> str:
    """Return the `_id` of the progress that an event is about."""
    return f"{event.tenant}/{event.learner_ref}/{event.data.offering or ''}"


def _load_offering(document: Document) -> Offering:
    policies = {version: _policy(version, text) for version, text in document["policies"].items()}
    return Offering(
        document["tenant"],
        document["offering"],
        document["time"],
        document["event_id"],
        document["version"],
        policies,
        tuple(_KINDS[kind](*row) for kind, *row in document.get("rulings", ())),
        document.get("told", 0),
        _publications(document),
        document.get("turned", 0),
        document.get("searched", 0),
    )


def _publications(document: Document) -> tuple[Publication, ...]:
    if "publications" in document:
        return tuple(map(Publication._make, document["publications"]))
    if not document["version"]:
        return ()
    latest = Publication(document["time"], document["event_id"], document["version"])
    # Stored before publications were kept: of several policies only the latest one's time is known.
    return (latest,) if len(document["policies"]) == 1 else (NOT_KNOWN, latest)


def _dump_offering(offering: Offering) -> Document:
    document: Document = {
        "tenant": offering.tenant,
        "offering": offering.offering,
        "time": offering.time,
        "event_id": offering.event_id,
        "version": offering.version,
        "policies": {version: _text(policy) for version, policy in offering.policies.items()},
    }
    # Of an offering that was published once the rest says it.
    if len(offering.publications) > 1:
        document["publications"] = [list(each) for each in offering.publications]
    if offering.turned:
        document |= {"turned": offering.turned, "searched": offering.searched}
    if offering.rulings:
        document["rulings"] = [[type(each).__name__, *each] for each in offering.rulings]
        document["told"] = offering.told
    if offering.told < len(offering.rulings) or offering.searched < offering.turned:
        document["untold"] = True
    return document


# Policies are kept as text, so that one glance at a cache tells that it is compiled already.
@lru_cache(maxsize=4096)
def _policy(version: str, text: str) -> Policy:
    if text.startswith("{"):
        return policy_of(Rules.model_validate_json(text))
    pass_mark, attempts, components = orjson.loads(text)
    return Policy(
        version,
        tuple(Component(id_, Decimal(weight), title) for id_, weight, title in components),
        Decimal(pass_mark),
        attempts,
    )


def _text(policy: Policy) -> str:
    if policy.rules is not None:
        return policy.rules.model_dump_json(exclude_defaults=True)
    components = [[each.id, str(each.weight), each.title] for each in policy.components]
    return orjson.dumps([str(policy.pass_mark), policy.attempts, components]).decode()


#: What `Attempt._make` does, in half its time; documents hold rows as they were dumped.
_as_tuple = tuple.__new__


def _load_progress(document: Document) -> Progress:
    return Progress(
        document["tenant"],
        document["learner_ref"],
        document["offering"],
        tuple(map(Placement._make, document["placements"])),
        {row[0]: _as_tuple(Attempt, row) for row in orjson.loads(document["attempts"])},
        frozenset(document["voided"]),
        document["policy_version"],
        document["passed"],
        document["ordinal"],
        {name: tuple(pieces) for name, pieces in document.get("evidence", ())},
        {name: Study(role, term) for name, role, term in document.get("studies", ())},
        circumstances_of(document["around"]) if "around" in document else None,
    )


def _dump_progress(progress: Progress) -> Document:
    document: Document = {
        "tenant": progress.tenant,
        "learner_ref": progress.learner_ref,
        "offering": progress.offering,
        "placements": [list(each) for each in progress.placements],
        # As text: nobody asks the database for single attempts, and short rows cost twice as much as BSON.
        "attempts": orjson.dumps([list(each) for each in progress.attempts.values()]).decode(),
        "voided": sorted(progress.voided),
        "policy_version": progress.policy_version,
        "passed": progress.passed,
        "ordinal": progress.ordinal,
    }
    # Rows and not members of a document: an id may hold dots, which MongoDB takes for a path.
    if progress.evidence:
        document["evidence"] = [[name, [dict(each) for each in pieces]] for name, pieces in progress.evidence.items()]
    if progress.studies:
        document["studies"] = [[name, *study] for name, study in progress.studies.items()]
    if progress.around is not None:
        document["around"] = text_of(progress.around)
        # Beside the text, to be found by: how many rulings on all learners are counted in.
        if progress.around.heard:
            document["heard"] = progress.around.heard
    if progress.waiting_for:
        document["waiting_for"] = progress.waiting_for
    return document


def _new_offering(key: str) -> Offering:
    tenant, offering = key.split("/", 1)
    return Offering(tenant, offering)


OFFERINGS: Model[Offering] = Model("offerings", _new_offering, _load_offering, _dump_offering)
_KINDS: dict[str, type[Release | Migration]] = {"Release": Release, "Migration": Migration}
PROGRESS: Model[Progress] = Model("progress", Progress.new, _load_progress, _dump_progress)


@dataclass(frozen=True, slots=True)
class ProgressBook:
    """Reading progress; the tenant comes from the caller's token."""

    reader: Reader

    async def of(self, tenant: str, learner_ref: str, offering: str) -> tuple[Progress, Offering | None] | None:
        """Return a learner's progress and the offering that it is on, as far as they are known."""
        document = await self.reader.get(PROGRESS.collection, f"{tenant}/{learner_ref}/{offering}")
        if document is None:
            return None
        return PROGRESS.load(document), await self.offering(tenant, offering)

    async def offering(self, tenant: str, offering: str) -> Offering | None:
        """Return an offering with its policies and rulings."""
        held = await self.reader.get(OFFERINGS.collection, offering_id(tenant, offering))
        return None if held is None else OFFERINGS.load(held)
