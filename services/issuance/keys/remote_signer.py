"""A signer behind HTTP, so that an HSM or a KMS can keep the key.

The protocol, with a bearer token: `POST /sign` with `{"key": id, "contents": [base64, ...]}`, at most 100 contents of
at most 512 KiB together (a JWT is signed whole); the answer is `{"signatures": [base64, ...]}` in their order. A P-256
signature is r and s side by side, made as RFC 6979 says: the same content, the same signature. One of an RSA key is
RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3). Any other status than 200 is a refusal; 429 and 5xx are tried
again. `tests/contract/issuance/test_signers.py` shows whether a signer keeps to it.

A fold cannot wait for the network, so `sign` only notes what it does not know yet, and answers zeros. Whoever signed
asks `settle` whether to do it again; it fetches what was noted, many at a time.
"""

import asyncio
import base64
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus

import httpx

from services.issuance.errors import SignerAway, SignerRefused
from services.issuance.keys.multikey import algorithm_of
from services.issuance.keys.signature import is_signature

BATCH = 100
BATCH_BYTES = 512 * 1024
AT_ONCE = 8
_KEPT = 100_000
_SIGNATURE_BYTES = 64
#: What a proof signs: two digests, of 48 bytes each with P-384. A JWT is remembered by its digest instead.
_SHORT = 96


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a signer may take, in seconds; after `failures` in a row nobody is asked for `rest_s`."""

    request_s: float = 5.0
    tries: int = 5
    pause_s: float = 0.2
    failures: int = 5
    rest_s: float = 5.0


@dataclass(slots=True)
class RemoteSigner:
    """Signs with a key that is elsewhere; every signature is checked before it is used."""

    client: httpx.AsyncClient
    key: str
    public_key: bytes
    patience: Patience = Patience()
    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[bytes, bytes] = field(default_factory=OrderedDict, repr=False)
    _wanted: dict[bytes, None] = field(default_factory=dict, repr=False)
    _failed: int = 0
    _rests_until: float = 0.0

    @property
    def algorithm(self) -> str:
        """What the key signs with."""
        return algorithm_of(self.public_key)

    def sign(self, content: bytes) -> bytes:
        """Return the signature if it is known; zeros if `settle` has to be asked first."""
        signature = self._known.get(_name(content))
        if signature is None:
            self._wanted[content] = None
            return bytes(_SIGNATURE_BYTES)
        return signature

    async def settle(self) -> bool:
        """Fetch the signatures that were asked for; tell whether there were any, so that all has to be signed again.

        Raises:
            SignerAway: it did not answer, or is left alone after many failures.
            SignerRefused: it will not sign, or signed something else.

        """
        wanted, self._wanted = list(self._wanted), {}
        if not wanted:
            return False
        gate = asyncio.Semaphore(AT_ONCE)

        async def fetched(contents: Sequence[bytes]) -> None:
            async with gate:
                self._keep(contents, await self._signed(contents))

        await asyncio.gather(*map(fetched, _parts(wanted)))
        return True

    def _keep(self, contents: Sequence[bytes], signatures: Sequence[bytes]) -> None:
        for content, signature in zip(contents, signatures, strict=True):
            if not is_signature(signature, content, self.public_key):
                raise SignerRefused(f"signer key {self.key}: it signed with another key, or something else")
            self._known[_name(content)] = signature
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)

    async def _signed(self, contents: Sequence[bytes]) -> list[bytes]:
        why = ""
        for turn in range(self.patience.tries):
            if self.clock() < self._rests_until:
                raise SignerAway(f"signer key {self.key}: it failed {self._failed} times in a row, and is left alone")
            if turn:
                await asyncio.sleep(self.patience.pause_s * 2**turn)
            try:
                answer = await self._asked(contents)
            except httpx.TransportError as error:
                why = f"{type(error).__name__} {error}"
            else:
                if answer.status_code == HTTPStatus.OK:
                    self._failed = 0
                    return _signatures(answer, len(contents), self.key)
                why = f"status {answer.status_code}"
                if answer.status_code not in {429, *range(500, 600)}:
                    raise SignerRefused(f"signer key {self.key}: it refused with {why}; look at its token and keys")
            self._note_failure()
        raise SignerAway(f"signer key {self.key}: no answer after {self.patience.tries} tries ({why})")

    async def _asked(self, contents: Sequence[bytes]) -> httpx.Response:
        body = {"key": self.key, "contents": [base64.b64encode(each).decode() for each in contents]}
        return await self.client.post("/sign", json=body, timeout=self.patience.request_s)

    def _note_failure(self) -> None:
        self._failed += 1
        if self._failed % self.patience.failures == 0:
            self._rests_until = self.clock() + self.patience.rest_s


def _name(content: bytes) -> bytes:
    return content if len(content) <= _SHORT else sha256(content).digest()


def _parts(contents: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Yield as many contents at a time as one request may hold; one that is too large for any is sent alone."""
    part: list[bytes] = []
    for content in contents:
        if part and (len(part) == BATCH or sum(map(len, part)) + len(content) > BATCH_BYTES):
            yield part
            part = []
        part.append(content)
    yield part


def _signatures(answer: httpx.Response, number: int, key: str) -> list[bytes]:
    try:
        signatures = [base64.b64decode(each, validate=True) for each in answer.json()["signatures"]]
    except (ValueError, KeyError, TypeError) as error:
        raise SignerRefused(f"signer key {key}: its answer cannot be read") from error
    if len(signatures) != number:
        raise SignerRefused(f"signer key {key}: {len(signatures)} signatures for {number} contents")
    return signatures
