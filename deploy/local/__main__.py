"""`python -m deploy.local --broker embedded|apache --folder DIR`: a broker and a database until Ctrl-C."""

import argparse
import signal
import sys
import time
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.stack import LocalStack


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("--broker", choices=("embedded", "apache"), default="embedded")
    parser.add_argument("--folder", type=Path, default=Path(".local"), help="where data and logs go")
    parser.add_argument("--kafka-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--mongo-port", type=int, default=0, help="0 takes a free port")
    return parser.parse_args()


def announce(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)


def run(stack: LocalStack) -> None:
    """Start, say where, and stay until somebody ends us or a server ends itself."""
    stack.start(announce)
    try:
        announce(f"export KAFKA_BOOTSTRAP='{stack.bootstrap}' MONGO_URL='{stack.mongo_url}'")
        while not stack.dead:
            time.sleep(0.5)
        raise SystemExit(f"{', '.join(stack.dead)} ended by itself: see the logs under the folder")
    finally:
        stack.stop()


def main() -> None:
    """Run until Ctrl-C or SIGTERM; a fault is one line on stderr and status 1."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = arguments()
    try:
        run(LocalStack(chosen.broker, chosen.folder, chosen.kafka_port, chosen.mongo_port))
    except LocalError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        announce("stopped")


if __name__ == "__main__":
    main()
