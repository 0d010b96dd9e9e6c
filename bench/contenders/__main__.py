"""`python -m bench.contenders NAME SPEC`: one run of one contender, in a process of its own."""

import asyncio
import sys
from importlib import import_module
from pathlib import Path

import uvloop

from bench.contenders.spec import Run, Spec
from shared.kit.collector import calm
from shared.kit.heaps import share_heaps
from shared.kit.logs import configure_logging


def main() -> None:
    """Run, and write what was measured; a peer is imported only by its own process."""
    _, name, path = sys.argv
    spec = Spec.read(Path(path))
    configure_logging("warning", "json", service=name)
    contender = import_module(f"bench.contenders.{name}")
    calm()
    share_heaps()
    answer = contender.run(spec)
    if not isinstance(answer, Run):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            answer = runner.run(answer)
    answer.write(Path(spec.answer))


if __name__ == "__main__":
    main()
