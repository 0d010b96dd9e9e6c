"""A real HTTP server on this machine that plays strangers' servers, good and bad."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Stranger:
    """What it answers, by path, and the heads of the requests that it was sent."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serves(self, path: str, body: bytes, *, status: str = "200 OK", **headers: str) -> None:
        """Answer with this."""
        lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{''.join(lines)}\r\n".encode()

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(head + body)

        self.answers[path] = answer


@asynccontextmanager
async def stranger() -> AsyncIterator[Stranger]:
    """Start one on a free port."""
    made = Stranger()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            made.heard.append(head)
            path = head.split(" ", 2)[1]
            await made.answers[path](writer)
            await writer.drain()
        except (KeyError, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
