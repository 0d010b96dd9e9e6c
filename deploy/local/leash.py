"""Run a program that ends when its parent ends: `python leash.py PARENT PROGRAM ARGUMENT...`.

A program of its own instead of `preexec_fn`, which must not run Python between fork and exec of a threaded
parent. It becomes the server by exec, so the process id stays the server's.
Imports nothing of ours: it starts with `python -IS`.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2), kept over exec


def main() -> None:
    """Ask the kernel for SIGTERM at the parent's death, then become the program."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        raise SystemExit(0)
    os.execv(program[0], program)  # noqa: S606  # no shell is wanted


if __name__ == "__main__":
    main()
