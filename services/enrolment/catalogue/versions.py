"""The publications of one offering, newest first, as many as are kept, whatever the order in which they arrive. Pure.

What is kept is the longest run of newest publications whose number and whose definitions stay within bounds; a
definition that is published again counts once. `floor` is the newest publication that had to go: one that is not newer
is not taken, or what is kept would depend on the order of arrival.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self


class Bounds(NamedTuple):
    """How many publications are kept, and how many bytes of definitions, all together and as JSON."""

    publications: int
    size: int


#: The bytes are a quarter of what one document of MongoDB may be.
BOUNDS = Bounds(500, 4 * 1024 * 1024)


class Publication(NamedTuple):
    """One publication: its time in microseconds since 1970, its event, and the name of what was published."""

    time: int
    event_id: str
    content: str

    @property
    def key(self) -> str:
        """Its place in a list: by time, and then by event."""
        # Moved up, so that a time before 1970 comes before a later one as text, too.
        return f"{self.time + 2**62:020}/{self.event_id}"


class Content(NamedTuple):
    """What was published: the version of its policy, and the definition as JSON."""

    policy_version: str
    definition: str


@dataclass(frozen=True, slots=True)
class Versions:
    """All publications of an offering that are kept."""

    tenant: str
    offering: str
    publications: tuple[Publication, ...] = ()
    contents: Mapping[str, Content] = field(default_factory=dict)
    floor: tuple[int, str] | None = None

    @classmethod
    def new(cls, key: str) -> Self:
        """Return an offering that was never published; `key` is `tenant/offering`."""
        tenant, offering = key.split("/", 1)
        return cls(tenant, offering)

    def published(self, publication: Publication, content: Content, bounds: Bounds = BOUNDS) -> Self:
        """Return the versions with one more; the same object where that changes nothing."""
        place = (publication.time, publication.event_id)
        if self.floor is not None and place <= self.floor:
            return self
        if any((known.time, known.event_id) == place for known in self.publications):
            return self
        newest_first = sorted((*self.publications, publication), reverse=True)
        contents = {**self.contents, publication.content: content}
        kept = tuple(_within_bounds(newest_first, contents, bounds))
        gone = newest_first[len(kept) :]
        return replace(
            self,
            publications=kept,
            contents={each.content: contents[each.content] for each in kept},
            floor=(gone[0].time, gone[0].event_id) if gone else self.floor,
        )

    def version(self, event_id: str) -> tuple[Publication, Content] | None:
        """Return one publication and what was published, or None."""
        for each in self.publications:
            if each.event_id == event_id:
                return each, self.contents[each.content]
        return None


def _within_bounds(
    newest_first: list[Publication], contents: Mapping[str, Content], bounds: Bounds
) -> Iterator[Publication]:
    size, counted = 0, set[str]()
    for number, each in enumerate(newest_first):
        if each.content not in counted:
            counted.add(each.content)
            size += len(contents[each.content].definition.encode())
        # The newest is kept whatever its size.
        if number and (number >= bounds.publications or size > bounds.size):
            return
        yield each
