"""Canonicalising strangers' documents in a process of its own, which is killed and replaced when it overruns.

Canonicalisation can take factorial time and holds the interpreter's lock, so neither a thread nor a deadline in this
process would save the service (RDFC-1.0, section 7.1, dataset poisoning).
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from typing import Any

import orjson

from services.issuance.errors import CheckerBusy, CheckOverrun, CredentialRefused
from services.issuance.jsonld.canonicaliser import LENGTH

Document = dict[str, Any]

_START_S = 30.0
_GRACE_S = 0.5


class Sandbox:
    """A few canonicalising processes, started when needed; `waiting` documents at most stand in line for them."""

    def __init__(
        self, *, processes: int = 1, deadline_s: float = 2.0, memory_bytes: int = 512 * 1024 * 1024, waiting: int = 16
    ) -> None:
        """Keep the bounds; nothing is started yet."""
        self._deadline_s = deadline_s
        self._memory_bytes = memory_bytes
        self._free = processes + waiting
        self._turns = asyncio.Semaphore(processes)
        self._idle: list[Process] = []

    async def hash_of(self, document: Document, proof: Document) -> bytes:
        """Return what a proof of this document signs (`canonical.hash_of`).

        Raises:
            CredentialRefused: the document is not one that a signature covers whole.
            CheckOverrun: it took more time or memory than one check may.
            CheckerBusy: too many wait already.

        """
        if not self._free:
            raise CheckerBusy("too many credentials are being checked; try again in a moment")
        try:
            request = orjson.dumps([document, proof])
        except orjson.JSONEncodeError as error:
            # Half a character, or a number that no reader holds.
            raise CredentialRefused("", f"has no JSON that all readers take for the same: {error}") from error
        self._free -= 1
        try:
            async with self._turns:
                answer = orjson.loads(await self._asked(request))
        finally:
            self._free += 1
        if "hash" not in answer:
            raise CredentialRefused(answer["field"], answer["reason"])
        return bytes.fromhex(answer["hash"])

    async def close(self) -> None:
        """End the processes."""
        while self._idle:
            await _end(self._idle.pop())

    async def _asked(self, request: bytes) -> bytes:
        process = await self._process()
        try:
            async with asyncio.timeout(self._deadline_s + _GRACE_S):
                assert process.stdin is not None  # noqa: S101 - it was started with pipes
                process.stdin.write(len(request).to_bytes(LENGTH) + request)
                await process.stdin.drain()
                answer = await _message(process)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            await _end(process)
            raise CheckOverrun(
                f"checking it took more than {self._deadline_s:g} seconds, or too much memory"
            ) from error
        except BaseException:
            # Whoever asked has gone: the answer would be taken for the next one's.
            await _end(process)
            raise
        self._idle.append(process)
        return answer

    async def _process(self) -> Process:
        while self._idle:
            process = self._idle.pop()
            if process.returncode is None:
                return process
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MICROCRED_")}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.issuance.jsonld.canonicaliser",
            str(self._deadline_s),
            str(self._memory_bytes),
            stdin=PIPE,
            stdout=PIPE,
            env=environment,
        )
        try:
            async with asyncio.timeout(_START_S):
                await _message(process)
        except BaseException:
            await _end(process)
            raise
        return process


async def _message(process: Process) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it was started with pipes
    length = int.from_bytes(await process.stdout.readexactly(LENGTH))
    return await process.stdout.readexactly(length)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()
