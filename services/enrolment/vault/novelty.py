"""What is kept already, remembered by digest: a platform repeats a learner's name with every event.

A digest is keyed with a secret that dies with the process: nobody can try names against it, and the data itself is
remembered nowhere.
"""

from collections.abc import Mapping
from hashlib import blake2b
from itertools import islice

import orjson
import structlog

from services.enrolment.vault.sealing import Person

MOST = 100_000
MOST_BYTES = 16 * 1024
MOST_FIELDS = 50
_DIGEST_BYTES = 16
_log = structlog.get_logger(__name__)

Digests = Mapping[str, bytes]
"""Of one person, by field: routes that know more or less of a learner take turns without anything being new."""


class Novelty:
    """Tells what is new about people, by their place in the vault."""

    def __init__(self, secret: bytes) -> None:
        """Remember nothing yet."""
        self._secret = secret
        self._kept: dict[str, Digests] = {}

    def fresh(self, people: Mapping[str, Person]) -> dict[str, tuple[Person, Digests]]:
        """Return those of whom something was not remembered as kept, each with the digests of it.

        What is no JSON, or is larger than a person's data ever is, is left out: it must not stop the events that it
        came with.
        """
        found: dict[str, tuple[Person, Digests]] = {}
        for place, person in people.items():
            digests = self._digests(person)
            if digests is None:
                _log.warning("vault.left_out", learner=place, fields=len(person))
            elif not digests.items() <= self._kept.get(place, {}).items():
                found[place] = (person, digests)
        return found

    def remember(self, digests: Mapping[str, Digests]) -> None:
        """Note what is kept; of too many people the oldest are forgotten."""
        for place, fields in digests.items():
            self._kept[place] = {**self._kept.pop(place, {}), **fields}
        for oldest in list(islice(self._kept, max(0, len(self._kept) - MOST))):
            del self._kept[oldest]

    def _digests(self, person: Person) -> Digests | None:
        try:
            contents = {
                name: orjson.dumps([name, value], option=orjson.OPT_SORT_KEYS) for name, value in person.items()
            }
        except TypeError:
            return None
        if len(contents) > MOST_FIELDS or sum(map(len, contents.values())) > MOST_BYTES:
            return None
        return {name: self._digest(content) for name, content in contents.items()}

    def _digest(self, content: bytes) -> bytes:
        return blake2b(content, key=self._secret, digest_size=_DIGEST_BYTES).digest()
