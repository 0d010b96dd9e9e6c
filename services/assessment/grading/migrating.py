"""Which policy version a learner is judged under, after all migrations that reach them. Pure."""

from typing import NamedTuple

from services.assessment.facts.circumstances import NOTHING, Migration
from services.assessment.facts.offering import Offering
from services.assessment.facts.progress import Progress


class Migrated(NamedTuple):
    """The version after all migrations, those that led to it, and whether one names a version that is not known yet."""

    version: str
    by: tuple[Migration, ...] = ()
    awaits: bool = False


def migrated(progress: Progress, began: str, offering: Offering) -> Migrated:
    """Return what migrations make of the version that a learner began under."""
    first = min(each.time for each in progress.placements if each.enrolled)
    everybody = [each for each in offering.rulings if isinstance(each, Migration) and first <= each.time]
    found = Migrated(began)
    own = (progress.around or NOTHING).migrations.values()
    for ruling in sorted((*own, *everybody), key=lambda each: (each.time, each.id)):
        if ruling.replaces not in {None, found.version}:
            continue
        if ruling.version in offering.policies:
            found = found._replace(version=ruling.version, by=(*found.by, ruling))
        else:
            found = found._replace(awaits=True)
    return found
