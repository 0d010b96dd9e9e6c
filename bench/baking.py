"""`baking`: how many credentials a second one core bakes into PNG badges, side by side with openbadgeslib."""

import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from statistics import median

import orjson
from openbadgeslib import baking

from bench.errors import EffectsLost
from bench.options import Bench, Options
from bench.report import Report
from bench.verdict import Figure
from services.issuance.examples import CREDENTIAL
from services.issuance.facts import facts_of
from services.issuance.forms import png
from services.issuance.forms.badge import picture_of

GOAL = 500
_COLUMNS = ("who", "PNG/s, median", "least", "most")

Bake = Callable[[bytes, bytes], bytes]
"""(picture, credential) -> the picture that carries it."""


def _theirs(picture: bytes, credential: bytes) -> bytes:
    baked: bytes = baking.bake_png(picture, credential.decode(), keyword=baking.ITXT_KEYWORD_OB3)
    return baked


BAKERS: Mapping[str, Bake] = {"openbadgeslib": _theirs, "microcred": png.bake}


def measure(options: Options) -> tuple[Report, Mapping[str, str]]:
    """Bake different credentials into one drawn badge; bakers take turns, and every image is read again afterwards."""
    picture = picture_of(facts_of(CREDENTIAL)).png
    credentials = [orjson.dumps({**CREDENTIAL, "id": f"urn:credential:{number}"}) for number in range(options.events)]
    rates: dict[str, list[float]] = {name: [] for name in BAKERS}
    with _one_core():
        for number in range(1, options.runs + 1):
            for name, bake in BAKERS.items():
                rates[name].append(_rate(name, bake, picture, credentials))
            said = ", ".join(f"{name} {each[-1]:.0f}/s" for name, each in rates.items())
            options.say(f"run {number} of {options.runs}: {said}")
    return Report(
        name="baking",
        title=f"PNG of {len(picture) / 1024:.0f} KiB, credentials of {len(credentials[0]) / 1024:.1f} KiB, one core",
        columns=_COLUMNS,
        rows=[_row(name, each) for name, each in rates.items()],
        figures=(Figure("baking", median(rates["microcred"]), "PNG/s", GOAL),),
        notes=(
            "the badge is drawn once and kept, as the service does; every baked image was read again by openbadgeslib",
        ),
        raw={"rates": rates},
    ), {
        "python": platform.python_version(),
        "microcred": version("microcred"),
        "openbadgeslib": version("openbadgeslib"),
    }


def _rate(name: str, bake: Bake, picture: bytes, credentials: Sequence[bytes]) -> float:
    began = time.perf_counter()
    baked = [bake(picture, credential) for credential in credentials]
    took = time.perf_counter() - began
    read = [baking.extract_png(each, keyword=baking.ITXT_KEYWORD_OB3) for each in baked]
    right = sum(text == credential.decode() for text, credential in zip(read, credentials, strict=True))
    if right < len(credentials):
        raise EffectsLost(name, "baked images", right, len(credentials))
    return len(credentials) / took


def _row(name: str, rates: Sequence[float]) -> tuple[str, ...]:
    return name, *(f"{rate:,.0f}" for rate in (median(rates), min(rates), max(rates)))


@contextmanager
def _one_core() -> Iterator[None]:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


BENCH = Bench(runs=5, events=2_000, unit="images", measure=measure)
