"""Credit in its own unit, and named paths from one unit to another. Pure; all of it is Decimal.

An amount is kept in the unit that it was awarded in. It is converted along a path that somebody names, once, from
where it was awarded, and never back; two units are never one sum. The Common Microcredential Framework's "10 to 15 UK
credits, 4 to 6 ECTS" is `hours/25`, and not `UK/2`: both paths exist, and they differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

ECTS, UK, NZ, US, HOURS = "ECTS", "UK", "NZ", "US", "hours"
_ALIASES = {
    "ects": ECTS,
    "ects credits": ECTS,
    "uk": UK,
    "cats": UK,
    "uk cats": UK,
    "uk credits": UK,
    "nz": NZ,
    "nzqf": NZ,
    "nzqcf": NZ,
    "nz credits": NZ,
    "us": US,
    "us credits": US,
    "us semester hours": US,
    "hours": HOURS,
    "notional hours": HOURS,
}
_PRECISE = Context(prec=28, rounding=ROUND_HALF_UP)


class CreditError(ValueError):
    """Credit that cannot be added or converted as asked.

    CreditError
    ├── MixedUnits        two units in one sum
    ├── PathUnknown       a conversion that has no name here
    ├── PathUnfit         a path that begins at another unit
    └── ConvertedAlready  an amount that is no longer in the unit that it was awarded in
    """


class MixedUnits(CreditError):
    """Two units in one sum."""

    def __init__(self, one: str, other: str) -> None:
        """Name both, and the cure."""
        super().__init__(f"{one} and {other} are two units; convert one of them along a named path first")
        self.units = (one, other)


class PathUnknown(CreditError):
    """A conversion that has no name here."""


class PathUnfit(CreditError):
    """A path that begins at another unit."""


class ConvertedAlready(CreditError):
    """An amount that was converted; converting again, or back, would show figures that nobody awarded."""


@dataclass(frozen=True, slots=True)
class Credit:
    """An amount in one unit; `via` names the paths that it came along, none where it was awarded so."""

    amount: Decimal
    unit: str
    via: tuple[str, ...] = ()

    def __add__(self, other: "Credit") -> "Credit":
        """Return the sum of two amounts of one unit.

        Raises:
            MixedUnits: they are of two.

        """
        if self.unit != other.unit:
            raise MixedUnits(self.unit, other.unit)
        paths = tuple(dict.fromkeys((*self.via, *other.via)))
        return Credit(_PRECISE.add(self.amount, other.amount), self.unit, paths)

    def along(self, path: str) -> "Credit":
        """Return this amount converted along a named path.

        Raises:
            PathUnknown, PathUnfit, ConvertedAlready: it cannot be; the message names the cure.

        """
        way = path_named(path)
        if self.via:
            raise ConvertedAlready(f"{self.unit} came along {', '.join(self.via)}; convert what was awarded instead")
        if way.origin != self.unit:
            raise PathUnfit(f"{path} begins at {way.origin}, and this is {self.unit}")
        amount = _PRECISE.divide(_PRECISE.multiply(self.amount, way.times), way.over)
        return Credit(amount, way.unit, (path,))

    def rounded(self, places: int = 2) -> Decimal:
        """Return the amount to so many decimals, halves up; to be shown, not to be added."""
        return self.amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_PRECISE)


@dataclass(frozen=True, slots=True)
class Path:
    """A conversion: from one unit to another, times one number over another."""

    origin: str
    unit: str
    times: Decimal = Decimal(1)
    over: Decimal = Decimal(1)


PATHS: Mapping[str, Path] = {
    "hours/25": Path(HOURS, ECTS, over=Decimal(25)),
    "hours/30": Path(HOURS, ECTS, over=Decimal(30)),
    "hours/10 UK": Path(HOURS, UK, over=Decimal(10)),
    "hours/10 NZ": Path(HOURS, NZ, over=Decimal(10)),
    "UK/2": Path(UK, ECTS, over=Decimal(2)),
    "UK*10": Path(UK, HOURS, times=Decimal(10)),
    "NZ*10": Path(NZ, HOURS, times=Decimal(10)),
    "ECTS*25": Path(ECTS, HOURS, times=Decimal(25)),
    "ECTS*30": Path(ECTS, HOURS, times=Decimal(30)),
}
"""By name. An ECTS credit is 25 to 30 hours of work, a credit in New Zealand or the United Kingdom ten."""


def path_named(name: str) -> Path:
    """Return a path; raises `PathUnknown`, which names those that there are."""
    if name not in PATHS:
        raise PathUnknown(f"{name} is no path; there are {', '.join(PATHS)}")
    return PATHS[name]


def unit_named(text: str) -> str:
    """Return the unit that a text names, under its name here; an unknown one is a unit of its own."""
    words = " ".join(text.split())
    return _ALIASES.get(words.lower(), words)


def awarded(amount: float | Decimal, unit: str) -> Credit:
    """Return an amount as it is awarded."""
    return Credit(Decimal(str(amount)), unit_named(unit))


def total(amounts: Iterable[Credit]) -> Credit | None:
    """Return the sum of amounts of one unit, or None of nothing; raises `MixedUnits`."""
    whole: Credit | None = None
    for each in amounts:
        whole = each if whole is None else whole + each
    return whole


def views_of(credit: Credit) -> list[Credit]:
    """Return this amount along every path that begins at its unit, each for itself."""
    return [credit.along(name) for name, path in PATHS.items() if path.origin == credit.unit]
