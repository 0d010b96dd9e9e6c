"""`run`, which makes a process of a service."""

import asyncio
import socket
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import uvloop

from shared.kit.collector import calm
from shared.kit.heaps import share_heaps
from shared.kit.logs import configure_logging
from shared.kit.ports import Ports
from shared.kit.rebuild.wish import Wish
from shared.kit.roles import Role, parse_command
from shared.kit.serve import beside, fold_apart, serve
from shared.kit.service import Service
from shared.kit.settings import ServiceSettings, SettingsError, load_settings, variable
from shared.kit.tls import require_tls_files
from shared.kit.watchdog import Watchdog

S = TypeVar("S", bound=ServiceSettings)
_BACKLOG = 2048


def run(
    make: Callable[[S], Service], settings: type[S], argv: Sequence[str] | None = None, *, ports: Ports | None = None
) -> int:
    """Run a service until SIGTERM or SIGINT, and return the exit status: 0 stopped, 1 failed, 2 could not start.

    A rebuild ends by itself: 0 switched, 1 failed, 3 differences were found.
    """
    command = parse_command(argv, about=make.__doc__ or "", settings=settings)
    role, ports = command.role, ports or Ports()
    try:
        service = make(load_settings(settings))
        _require_topics(service, role)
        if role is Role.REBUILD:
            return _rebuild(service, ports, command.wish)
        require_tls_files(service.settings)
        listener = listen(service.settings)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logging(service.settings.log_level, service.settings.log_format, service=service.name)
    calm()
    share_heaps()
    apart = fold_apart(service, role, ports, listener)
    watchdog = Watchdog()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(serve(service, role, ports, listener, watchdog, apart))
    finally:
        watchdog.disarm()


def _require_topics(service: Service, role: Role) -> None:
    if role is Role.BRIDGE and service.bridge is None:
        raise SettingsError(f"{service.name} is told to read no topic of a platform; --help says what it can be told")


def _rebuild(service: Service, ports: Ports, wish: Wish) -> int:
    from shared.kit.rebuild.process import rebuild

    settings = service.settings
    # Standard output is for what the rebuild tells.
    configure_logging(settings.log_level, settings.log_format, service=service.name, stream=sys.stderr)

    async def rebuilt() -> int:
        store = ports.store(settings, service.name)
        async with beside(service.chores):
            return await rebuild(service.worker, settings, store, wish, service.version)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(rebuilt())


def listen(settings: ServiceSettings) -> socket.socket:
    """Return the socket that requests come in by.

    Raises:
        SettingsError: when the address cannot be had.

    """
    address = (settings.http_host, settings.http_port)
    family = socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET
    try:
        return socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        cure = f"stop what uses it, or set {variable('http_host')} and {variable('http_port')} to another address"
        raise SettingsError(f"cannot listen on {address[0]}:{address[1]} ({error.strerror}): {cure}") from error
