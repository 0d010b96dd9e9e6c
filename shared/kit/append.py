"""Appending what a client commands, for as long as the client has patience."""

import asyncio

from shared.contracts.envelope import Event
from shared.kit.errors import PublishFailed
from shared.kit.producer import Publisher


async def append(publisher: Publisher, event: Event, patience_s: float) -> None:
    """Return when the log has the event.

    Raises:
        PublishFailed: it did not acknowledge it in time; sending the same id again is harmless.

    """
    try:
        async with asyncio.timeout(patience_s):
            await publisher.publish([event])
    except TimeoutError as error:
        raise PublishFailed(f"no acknowledgement within {patience_s:g} s") from error
