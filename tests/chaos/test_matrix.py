"""Each kind of fault once, dealt out to the services: nothing lost, nothing doubled. `make chaos` does it at length.

Servers of its own, since they are what is struck: three brokers from the jars, three mongod.
"""

import asyncio
from pathlib import Path
from random import Random

import pytest

from tests.chaos.ground import ground
from tests.chaos.plans import short
from tests.chaos.run import run
from tests.chaos.scene import SERVICES

SEED = 20_261_124
LEAST = 28


@pytest.mark.timeout(900)  # three minutes alone; the other lanes share two processors with it
def test_no_fault_loses_or_doubles_anything(nursery: Path):
    with ground(nursery) as stage:
        outcome = asyncio.run(run(stage, short(Random(SEED), len(SERVICES)), SEED, print))
    assert outcome.broken == []
    assert [str(finding) for finding in outcome.findings] == []
    assert outcome.strikes.number >= LEAST
    assert set(outcome.verdicts) == set(SERVICES)
