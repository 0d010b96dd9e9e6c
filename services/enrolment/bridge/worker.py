"""The worker that reads platforms' topics: its positions and what it says are one transaction, as everywhere."""

from services.enrolment.bridge.codec import OpenEdxCodec, Source
from services.enrolment.bridge.lookup import Lookup
from services.enrolment.bridge.registry import CommittedSchemas, Registry, Schemas
from services.enrolment.bridge.seal import Seal
from services.enrolment.door.course_shelf import CourseShelf
from services.enrolment.door.fingerprint import require_same_secret
from services.enrolment.door.opening import identities_of, identity_secret_of, ring_of
from services.enrolment.learners.store import Standings
from services.enrolment.settings import Settings
from services.enrolment.vault.box import Vault
from shared.contracts.topics import ENROLMENT_BRIDGE, Topic
from shared.kit.store import Store
from shared.kit.worker import Worker

_DAY_S = 86_400.0


async def bridge(settings: Settings, store: Store) -> Worker:
    """Return the worker of a process of its own; raises `SettingsError` for another secret than the database's."""
    await require_same_secret(store, identity_secret_of(settings))
    return bridge_worker(settings, store)


def bridge_worker(settings: Settings, store: Store) -> Worker:
    """Return the worker of the topics that the settings name; it writes no document of a learner.

    Raises:
        SettingsError: the secret of learner references, or the keys of the vault, can neither be read nor made.

    """
    worker = Worker(
        "enrolment",
        named=ENROLMENT_BRIDGE.name,
        obeys=ENROLMENT_BRIDGE,
        letters_kept_s=settings.foreign_letters_days * _DAY_S,
    )
    url = settings.schema_registry_url
    schemas: Schemas = Registry(url) if url else CommittedSchemas()
    identities = identities_of(settings)
    lookup = Lookup(CourseShelf(store), Standings(store), Vault(store, ring_of(settings)))
    seal = Seal(settings.token_secret)
    for name, bound in settings.bridged.items():
        source = Source(bound.tenant, bound.platform, bound.home, bound.unknown_courses)
        topic = Topic(name, "as the platform chose", (), bound.platform, ("enrolment",))
        worker.translates(topic, OpenEdxCodec(source, schemas, lookup, identities, seal))
    return worker
