"""Ours in one process, as all peers are: on one processor, what the second one adds left out."""

from bench.contenders.microcred import fold
from bench.contenders.spec import Run, Spec
from bench.grading import grading_worker


def run(spec: Spec) -> Run:
    """Fold all events with the handler that all contenders share."""
    return fold(spec, grading_worker(), spec.settings.model_copy(update={"folding_processes": 1}))
