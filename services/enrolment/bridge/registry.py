"""Writers' schemas by number: from a schema registry, or those that were committed.

The registry speaks Confluent's API: `GET /schemas/ids/{number}`. One that does not answer is infrastructure: it is
asked again, in place, and no record is refused for it; that it does not know a number is the record's fault.
"""

import asyncio
import random
import time
from collections import OrderedDict
from typing import Protocol

import httpx
import orjson
import structlog
from fastavro.types import Schema

from services.enrolment.errors import RegistryUnavailable
from services.enrolment.platforms.avro import SchemaRefused, parsed
from services.enrolment.platforms.openedx.schema_files import VERSION, committed
from shared.contracts.wire import ContractError

PATIENCE_S = 120.0
MOST_BYTES = 512 * 1024
MOST_KNOWN = 1_000
UNKNOWN_FOR_S = 30.0
"""How long a number that the registry does not know is not asked for again."""
_TIMEOUT_S = 5.0
_LONGEST_PAUSE_S = 5.0
_UNKNOWN = 40403
"""Confluent's code for a number that is not known; any other 404 comes from something that is no registry."""
_log = structlog.get_logger(__name__)


class SchemaUnknown(ContractError):
    """The registry knows no schema of this number, or none is committed for this signal."""


class Schemas(Protocol):
    """Finds the schema that a record was written with."""

    async def of(self, number: int, signal: str) -> Schema:
        """Return the schema, parsed.

        Raises:
            SchemaUnknown, SchemaRefused: the record's fault.
            RegistryUnavailable: nobody answered, for as long as patience lasts.

        """
        ...


class CommittedSchemas:
    """What `openedx-events` writes in the version that is committed; numbers mean nothing without a registry."""

    async def of(self, number: int, signal: str) -> Schema:  # noqa: ARG002 - the port's name
        """Return the committed schema of a signal."""
        found = committed(signal)
        if found is None:
            reason = f"openedx-events {VERSION} cannot write {signal}: set MICROCRED_SCHEMA_REGISTRY_URL"
            raise SchemaUnknown("schema", reason)
        return found


class Registry:
    """A schema registry; what it knows never changes, so it is asked once for each number."""

    def __init__(
        self, url: str, *, patience_s: float = PATIENCE_S, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Ask the registry at this address; nobody is contacted before `of`."""
        self._url = url.rstrip("/")
        self._patience_s = patience_s
        self._transport = transport
        self._known: OrderedDict[int, Schema | ContractError] = OrderedDict()
        self._until: dict[int, float] = {}

    async def of(self, number: int, signal: str) -> Schema:  # noqa: ARG002 - the number alone tells
        """Return the schema of a number."""
        found = self._known.get(number)
        if found is None or time.monotonic() > self._until.get(number, float("inf")):
            found = await self._asked(number)
            self._keep(number, found)
        if isinstance(found, ContractError):
            raise found
        return found

    def _keep(self, number: int, found: Schema | ContractError) -> None:
        self._known[number] = found
        self._until.pop(number, None)
        if isinstance(found, SchemaUnknown):
            self._until[number] = time.monotonic() + UNKNOWN_FOR_S
        while len(self._known) > MOST_KNOWN:
            self._until.pop(self._known.popitem(last=False)[0], None)

    async def _asked(self, number: int) -> Schema | ContractError:
        started, pause = time.monotonic(), 0.1
        while True:
            try:
                return await self._ask(number)
            except (httpx.HTTPError, httpx.InvalidURL, RegistryUnavailable) as error:
                reason = str(error) or type(error).__name__
                if time.monotonic() - started > self._patience_s:
                    raise RegistryUnavailable(f"no schema of number {number} for so long: {reason}") from error
            _log.warning("registry.waits", number=number, reason=reason)
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _ask(self, number: int) -> Schema | ContractError:
        # As it is sent: what is unpacked on the way has no bound. A connection for each number: there are few.
        plain = {"Accept-Encoding": "identity"}
        async with (
            httpx.AsyncClient(timeout=_TIMEOUT_S, transport=self._transport) as client,
            client.stream("GET", f"{self._url}/schemas/ids/{number}", headers=plain) as answer,
        ):
            body = b""
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > MOST_BYTES:
                    return SchemaRefused(f"more than {MOST_BYTES} bytes")
        return _understood(number, answer.status_code, body)


def _understood(number: int, status: int, body: bytes) -> Schema | ContractError:
    try:
        content = orjson.loads(body)
    except ValueError:
        content = None
    told = content if isinstance(content, dict) else {}
    if status == httpx.codes.NOT_FOUND and told.get("error_code") == _UNKNOWN:
        return SchemaUnknown("schema", f"the registry knows no schema of number {number}: it is another's, or bytes")
    if status != httpx.codes.OK or not isinstance(told.get("schema"), str):
        raise RegistryUnavailable(f"the schema registry answers {status}: check MICROCRED_SCHEMA_REGISTRY_URL")
    if told.get("schemaType", "AVRO") != "AVRO" or told.get("references"):
        return SchemaRefused("only Avro without references is taken")
    try:
        return parsed(orjson.loads(told["schema"]))
    except SchemaRefused as error:
        return error
    except ValueError:
        return SchemaRefused("not an Avro schema in JSON")
