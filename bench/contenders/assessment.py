"""The assessment service's worker as it ships: results in, `assessed` and `passed` out."""

from bench.contenders.microcred import fold
from bench.contenders.spec import Run, Spec
from services.assessment.stream import worker
from shared.contracts.topics import CATALOGUE, ENROLLED


def run(spec: Spec) -> Run:
    """Fold offerings and enrolments, which is not measured; then let the engine fold all results."""
    return fold(spec, worker, first=(CATALOGUE, ENROLLED))
