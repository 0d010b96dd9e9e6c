"""`python -m tests.chaos.doomed SOCKET`: the nursery, which has all services loaded and forks workers when asked.

A worker that is forked starts in a moment, where Python would load for seconds: what is measured is how soon
partitions are served again, not how busy this machine is.
"""

import sys
from pathlib import Path

from tests.chaos.doomed.nursery import Nursery
from tests.chaos.doomed.service import load

if __name__ == "__main__":
    load()
    Nursery(Path(sys.argv[1])).serve_for_ever()
