"""The process that canonicalises strangers' documents: reads one on standard input, answers, reads the next.

It limits itself before it reads anything: memory by its address space, time by an alarm whose default action ends the
process even while native code holds the interpreter's lock. Every message is its length in 4 bytes and then JSON.
It ends when its input does.
"""

import os
import resource
import signal
import sys
from typing import BinaryIO

import orjson

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.canonical import hash_of
from services.issuance.jsonld.contexts import KNOWN, context

LENGTH = 4
READY = b"ready"


def main(deadline_s: float, memory_bytes: int) -> None:
    """Answer until the input ends."""
    for url in KNOWN:
        context(url)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    # A document that runs out of memory must not write a stack trace into the service's log.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    _write(sys.stdout.buffer, READY)
    while header := sys.stdin.buffer.read(LENGTH):
        request = sys.stdin.buffer.read(int.from_bytes(header))
        signal.setitimer(signal.ITIMER_REAL, deadline_s)
        answer = answered(request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _write(sys.stdout.buffer, answer)


def answered(request: bytes) -> bytes:
    """Return the answer to `[document, proof]`: `{"hash": hex}`, or `{"field": ..., "reason": ...}` of a refusal."""
    try:
        document, proof = orjson.loads(request)
        return orjson.dumps({"hash": hash_of(document, proof).hex()})
    except CredentialRefused as error:
        return orjson.dumps({"field": error.field, "reason": error.reason})


def _write(stream: BinaryIO, message: bytes) -> None:
    stream.write(len(message).to_bytes(LENGTH) + message)
    stream.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
