"""`python -m bench.contenders NAME SPEC`: one run of one contender, in a process of its own."""

import asyncio
import sys
from pathlib import Path

import uvloop

from bench.contenders import microcred, plain_loop, stock_faust
from bench.contenders.spec import Spec
from shared.kit.collector import calm
from shared.kit.logs import configure_logging

RUNS = {"microcred": microcred.run, "stock_faust": stock_faust.run, "plain_loop": plain_loop.run}


def main() -> None:
    """Run, and write what was measured."""
    _, name, path = sys.argv
    spec = Spec.read(Path(path))
    configure_logging("warning", "json", service=name)
    calm()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(RUNS[name](spec)).write(Path(spec.answer))


if __name__ == "__main__":
    main()
