"""Under which version of the policy a learner is judged. Pure."""

from typing import NamedTuple

from services.assessment.facts.circumstances import NOTHING, Migration
from services.assessment.facts.offering import Offering, in_force
from services.assessment.facts.progress import Progress


def begun_under(progress: Progress, offering: Offering) -> str:
    """Return the version that was in force when the learner first got a place, whatever came to be known first.

    Where that is not known any more it is the one that they were judged under so far; before they have any place, the
    one in force now.
    """
    publications = offering.publications
    if len(publications) == 1 or not progress.ever_enrolled:
        return offering.version
    return in_force(publications, progress.first) or judged_so_far(progress) or publications[1].version


def judged_so_far(progress: Progress) -> str | None:
    """Return the version that a learner began under by what was known when they were judged last."""
    return (progress.around or NOTHING).began_under or progress.policy_version


class Migrated(NamedTuple):
    """The version after all migrations, those that led to it, and whether one names a version that is not known yet."""

    version: str
    by: tuple[Migration, ...] = ()
    awaits: bool = False


def migrated(progress: Progress, began: str, offering: Offering) -> Migrated:
    """Return what migrations make of the version that a learner began under."""
    first = progress.first
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
