"""Make a mongod of a container stack the primary of its replica set: `python -m deploy.mongo_init mongo:27017`."""

import sys
import time

from pymongo.errors import PyMongoError

from deploy.local.replicaset import become_primary

SECONDS = 60.0
PAUSE = 0.5


def main() -> int:
    """Ask until the node is primary; a set that exists already is left as it is. Exit status 1 after a minute."""
    member = sys.argv[1]
    host, _, port = member.rpartition(":")
    deadline = time.monotonic() + SECONDS
    reason = "it has not become primary"
    while time.monotonic() < deadline:
        try:
            if become_primary(host, int(port), member):
                return 0
        except PyMongoError as error:
            reason = str(error)
        time.sleep(PAUSE)
    print(f"{member} is not the primary of a replica set after {SECONDS:.0f} s: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
