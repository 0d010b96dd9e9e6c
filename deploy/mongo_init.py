"""Make a mongod of a container stack the primary of its replica set: `python -m deploy.mongo_init mongo:27017`."""

import sys
import time
from collections.abc import Callable

from pymongo.errors import PyMongoError

from deploy.local.replicaset import become_primary

SECONDS = 60.0
PAUSE = 0.5


def main(
    member: str,
    *,
    become: Callable[[str, int, str], bool] = become_primary,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Ask until the node `host:port` is primary; a set that exists is left as it is. Exit status 1 after a minute."""
    host, _, port = member.rpartition(":")
    if not host or not port.isdecimal():
        print(f"{member!r} is no address of a mongod: give host:port", file=sys.stderr)
        return 2
    deadline = clock() + SECONDS
    reason = "it has not become primary"
    while clock() < deadline:
        try:
            if become(host, int(port), member):
                return 0
        except PyMongoError as error:
            reason = str(error)
        pause(PAUSE)
    print(f"{member} is not the primary of a replica set after {SECONDS:.0f} s: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
