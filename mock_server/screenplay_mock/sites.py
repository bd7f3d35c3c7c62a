"""All that listens for one server: applications on ports, closed together, and told to a tap if there is one."""

from __future__ import annotations

import asyncio
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING

from screenplay_mock.listening import Silence, opening_later, taken

if TYPE_CHECKING:
    import socket
    from contextlib import AsyncExitStack
    from ssl import SSLContext

    from aiohttp import web

    from screenplay_mock.clock import Wall
    from screenplay_mock.core.listener import Listener
    from screenplay_mock.listening import Listen, Port
    from screenplay_mock.tap import Protocols, Tap

STOP_SECONDS = 1.0  # aiohttp waits twice this long for what is under way, and the whole stop must end within 3 s
LONGEST_TARGET = 65_536  # bytes of a request line
LONGEST_FIELD = 16_384  # bytes of one header
BACKLOG = 1_024  # connections that wait to be accepted


class Sites:
    """What is opened here lives as long as *opened*. Connections are numbered together, from 1."""

    def __init__(self, opened: AsyncExitStack, tap: Tap | None) -> None:
        self._opened, self._tap, self._numbers = opened, tap, count(1)
        self._servers: list[asyncio.Server] = []
        self._runners: list[web.AppRunner] = []
        opened.push_async_callback(self._stop)

    async def running(self, app: web.Application) -> web.AppRunner:
        """What answers with *app*, on the sockets that are given to it."""
        from aiohttp import web

        runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=STOP_SECONDS,
            max_line_size=LONGEST_TARGET,
            max_field_size=LONGEST_FIELD,
        )
        self._runners.append(runner)
        await runner.setup()
        return runner

    async def port(self, host: str, port: int) -> Port:
        """A port that is ours, and refuses until it is opened. Raises CannotBind."""
        return self._opened.enter_context(closing(await taken(host, port)))

    async def free_port(self, host: str, listen: Listen, scheme: str = "http") -> str:
        """The origin of a port more, which *listen* gets."""
        port = await self.port(host, 0)
        await port.open(listen)
        return port.origin(scheme)

    def answering(self, runner: web.AppRunner, name: str | None, context: SSLContext | None = None) -> Listen:
        """Who lets *runner* answer, with TLS if there is a *context*; the tap is told of the listener by its *name*."""
        assert runner.server is not None, "it has been set up"
        protocols = self._tapped(runner.server, name)

        async def listen(one: socket.socket) -> None:
            loop = asyncio.get_running_loop()
            self._servers.append(await loop.create_server(protocols, sock=one, ssl=context, backlog=BACKLOG))

        return listen

    async def open(self, port: Port, listen: Listen, faults: Listener, wall: Wall, name: str) -> None:
        """Let *listen* have the *port* where clients connect, unless *faults* are in the way."""
        if faults.silent:
            silence = Silence()
            self._opened.push_async_callback(silence.stop)
            listen = silence.listening(lambda protocols: self._tapped(protocols, name))
        if faults.refused_for is None:
            await port.open(listen)
        elif faults.refused_for != "always":
            await self._opened.enter_async_context(opening_later(port, listen, wall, faults.refused_for))

    def _tapped(self, protocols: Protocols, name: str | None) -> Protocols:
        if self._tap is None or name is None:
            return protocols
        from screenplay_mock.tap import tapped

        return tapped(protocols, self._tap, name, self._numbers)

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        await asyncio.gather(*map(_stop, self._runners))


async def _stop(runner: web.AppRunner) -> None:
    connections = () if runner.server is None else tuple(runner.server.connections)
    transports = [connection.transport for connection in connections]
    await runner.cleanup()
    for transport in transports:
        if transport is not None:
            transport.abort()  # HTTPS waits half a minute for the client to say good-bye, too
