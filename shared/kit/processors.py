"""How many processors this process may use at once."""

import os
from pathlib import Path

#: What a container may use: microseconds in each period, or `max` (Linux, cgroup-v2, "cpu.max").
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def processors(quota: Path = _QUOTA) -> int:
    """Return the processors that this process is let on to, or the whole ones of what its container may use."""
    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        allowed = os.cpu_count() or 1
    try:
        some, period = quota.read_text().split()
        share = allowed if some == "max" else int(some) // int(period)
    except (OSError, ValueError):
        share = allowed
    return max(min(allowed, share), 1)
