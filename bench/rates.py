"""How often a thing can be done in a second, contender by contender, in turn."""

import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from statistics import median

import orjson

from bench.options import Options

Rate = Callable[[int], float]
"""Does a thing so many times, and returns how many that was in a second."""

_PACKAGES = ("cryptography", "joserfc", "openbadgeslib", "orjson", "pyoxigraph", "pyld")
_PEERS = Path(__file__).parent / "peers" / "package.json"


def each_second(work: Callable[[int], object]) -> Rate:
    """Return the rate of a function that takes the number of its turn; the first turn, which prepares, is not timed."""

    def rate(count: int) -> float:
        work(0)
        began = time.perf_counter()
        for number in range(1, count + 1):
            work(number)
        return count / (time.perf_counter() - began)

    return rate


def measured(rates: Mapping[str, tuple[Rate, int]], options: Options) -> dict[str, list[float]]:
    """Return each contender's rates; every run takes all of them in turn, each with its share of the load."""
    found: dict[str, list[float]] = {name: [] for name in rates}
    for number in range(1, options.runs + 1):
        for name, (rate, share) in rates.items():
            found[name].append(rate(max(options.events // share, 1)))
            options.say(f"run {number} of {options.runs}: {name}: {found[name][-1]:,.0f}/s")
    return found


def rows(found: Mapping[str, list[float]], of: Mapping[str, tuple[Rate, int]], events: int) -> list[tuple[str, ...]]:
    """Return the table: how many each was given, median, slowest and fastest."""
    return [
        (name, f"{max(events // of[name][1], 1):,}", *(f"{cut(each):,.0f}" for cut in (median, min, max)))
        for name, each in found.items()
    ]


COLUMNS = ("one core", "given", "per second", "slowest run", "fastest run")


def versions() -> dict[str, str]:
    """Return name and version of all that takes part."""
    peers: dict[str, str] = orjson.loads(_PEERS.read_bytes())["dependencies"]
    return {"python": python_version()} | {name: version(name) for name in ("microcred", *_PACKAGES)} | peers
