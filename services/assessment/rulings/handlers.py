"""One pure function for each ruling of the institution: on one learner, or on all learners of an offering."""

from services.assessment.facts.circumstances import Extension, Migration, Release
from services.assessment.facts.offering import Offering
from services.assessment.facts.progress import Progress
from services.assessment.grading.settling import again, noted
from shared.contracts.fanout import RulingArrived
from shared.contracts.rulings import (
    AllInformed,
    AllMigrated,
    AllReleased,
    ExtensionGranted,
    LearnerMigrated,
    ResultsReleased,
)
from shared.kit.bindings import Beside, Folded
from shared.kit.errors import RecordRefused
from shared.kit.moments import microseconds

#: Bound of an offering's document.
MAX_RULINGS = 1_000


def results_released(progress: Progress, event: ResultsReleased, beside: Beside[Offering]) -> Folded[Progress]:
    """Let the learner's results count that were handed in until now."""
    release = Release(event.id, microseconds(event.time), event.data.component)
    return noted(progress, progress.with_fact(release), event, beside)


def extension_granted(progress: Progress, event: ExtensionGranted, beside: Beside[Offering]) -> Folded[Progress]:
    """Move the learner's due date of one component."""
    data = event.data
    extension = Extension(event.id, microseconds(event.time), data.component, microseconds(data.due))
    return noted(progress, progress.with_fact(extension), event, beside)


def learner_migrated(progress: Progress, event: LearnerMigrated, beside: Beside[Offering]) -> Folded[Progress]:
    """Judge the learner under another policy version."""
    return noted(progress, progress.with_fact(_migration(event)), event, beside)


def ruling_arrived(progress: Progress, event: RulingArrived, beside: Beside[Offering]) -> Folded[Progress]:
    """Count in what was ruled on all learners of the offering."""
    return again(progress, event, beside)


def all_released(offering: Offering, event: AllReleased) -> Folded[Offering]:
    """Keep the release beside the policies: whoever is judged looks at it."""
    return _ruled(offering, Release(event.id, microseconds(event.time), event.data.component))


def all_migrated(offering: Offering, event: AllMigrated) -> Folded[Offering]:
    """Keep the migration beside the policies: whoever is judged looks at it."""
    return _ruled(offering, _migration(event))


def all_informed(offering: Offering, event: AllInformed) -> Folded[Offering]:
    """Note that nobody has to be told of these rulings, and of versions that came late, any more."""
    return Folded(offering.informed(event.data.rulings, event.data.turns or 0))


def _ruled(offering: Offering, ruling: Release | Migration) -> Folded[Offering]:
    after = offering.ruled(ruling)
    if len(after.rulings) > MAX_RULINGS:
        raise RecordRefused(
            "data.offering", f"{MAX_RULINGS} rulings were made on all learners of this offering already"
        )
    return Folded(after)


def _migration(event: LearnerMigrated | AllMigrated) -> Migration:
    data = event.data
    return Migration(event.id, microseconds(event.time), data.policy_version, data.from_version)
