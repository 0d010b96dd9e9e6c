"""Which skills an offering is aligned with, and what can be told of their identifiers without asking anybody.

ESCO identifiers are held against the pinned list of version 1.2 (`lists/`); O*NET codes are checked for their form.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from shared.contracts.achievement import Alignment

PINNED = "1.2"
ESCO = re.compile(
    r"http://data\.europa\.eu/esco/(?P<kind>skill|occupation)/"
    r"(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
)
#: A group of occupations in ISCO-08, as ESCO writes it.
ISCO = re.compile(r"http://data\.europa\.eu/esco/isco/C\d{1,4}")
#: An occupation of O*NET-SOC, or an element of its content model.
ONET = re.compile(r"\d{2}-\d{4}\.\d{2}|[1-6](\.[A-Z](\.\d+(\.[a-z](\.\d+(\.[a-z])?)?)?)?)?")
_AT_ESCO = ("http://data.europa.eu/esco/", "https://data.europa.eu/esco/")
_SIZE = 16


class _Uuids(Sequence[bytes]):
    """A file of identifiers in ascending order, looked up where they lie."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __len__(self) -> int:
        return len(self._content) // _SIZE

    def __getitem__(self, at: Any) -> Any:
        return self._content[at * _SIZE : (at + 1) * _SIZE]

    def __contains__(self, wanted: object) -> bool:
        assert isinstance(wanted, bytes)  # noqa: S101 - asked for nothing else
        at = bisect_left(self, wanted)
        return at < len(self) and bool(self[at] == wanted)


def skills_of(alignments: Sequence[Alignment]) -> Iterator[Mapping[str, Any]]:
    """Yield what is known of each alignment with a known framework, and where it stands.

    `form` tells whether the identifier is written as the framework writes it, `listed` whether the pinned list has it;
    None where that cannot be told.
    """
    for place, alignment in enumerate(alignments):
        where = f"achievement.alignments.{place}"
        url = str(alignment.target_url)
        if is_of_esco(alignment):
            match = ESCO.fullmatch(url)
            listed = None if match is None or _is_of_another(alignment) else _is_listed(match["kind"], match["uuid"])
            yield _fact(f"{where}.target_url", "ESCO", match is not None or bool(ISCO.fullmatch(url)), listed)
        elif is_of_onet(alignment):
            yield _fact(f"{where}.target_code", "O*NET", bool(ONET.fullmatch(alignment.target_code or "")), None)


def is_of_esco(alignment: Alignment) -> bool:
    """Tell whether an alignment is with ESCO, by its framework or by its address."""
    named = (alignment.target_framework or "").upper().startswith("ESCO")
    return named or str(alignment.target_url).startswith(_AT_ESCO)


def is_of_onet(alignment: Alignment) -> bool:
    """Tell whether an alignment is with O*NET."""
    return (alignment.target_framework or "").upper().startswith("O*NET")


def _fact(path: str, framework: str, form: bool, listed: bool | None) -> Mapping[str, Any]:  # noqa: FBT001 - two facts
    told = {True: "yes", False: "no", None: "unknown"}
    return {"path": path, "framework": framework, "form": told[form], "listed": told[listed]}


def _is_of_another(alignment: Alignment) -> bool:
    version = (alignment.target_framework_version or PINNED).lower().removeprefix("v")
    return version != PINNED and not version.startswith(f"{PINNED}.")


def _is_listed(kind: str, text: str) -> bool:
    return UUID(text).bytes in _pinned(kind)


@cache
def _pinned(kind: str) -> _Uuids:
    return _Uuids((files(__package__) / "lists" / f"esco-{PINNED}-{kind}.uuids").read_bytes())
