"""The ports of a server: taken, and refusing, until somebody listens on them; and somebody who listens in silence."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from contextlib import ExitStack, asynccontextmanager
from errno import EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from screenplay_mock.clock import Wall
    from screenplay_mock.tap import Protocols

    #: Accepts connections on a bound socket, which is the listener's from then on: it closes it.
    Listen = Callable[[socket.socket], Awaitable[None]]

#: Where a client on this machine finds a server that listens on all addresses.
LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound

_POSIX = sys.platform != "win32"  # elsewhere SO_REUSEADDR takes a port away from whoever has it

log = logging.getLogger(__name__)


class CannotBind(OSError):
    """The address is taken, not ours, or not allowed. Carries host, port and, where the system gave one, errno."""

    def __init__(self, host: str, port: int, cause: Exception) -> None:
        reason, number = (cause.strerror, cause.errno) if isinstance(cause, OSError) else (None, None)
        super().__init__(f"cannot listen on {_authority(host, port)}: {reason or cause}")
        self.host, self.port, self.errno = host, port, number


class Port:
    """A TCP port on every address of *host*; whoever connects is refused until it is open."""

    def __init__(self, host: str, sockets: list[socket.socket]) -> None:
        self._host = host
        self._number: int = sockets[0].getsockname()[1]
        self._sockets = sockets

    def origin(self, scheme: str) -> str:
        """Where a client finds it: http://127.0.0.1:8787."""
        return f"{scheme}://{_authority(LOOPBACK_OF.get(self._host, self._host), self._number)}"

    async def open(self, listen: Listen) -> None:
        """Let *listen* have it. Raises CannotBind."""
        while self._sockets:
            if _POSIX:  # or those who were answered would keep the port from the next server for a minute (TIME_WAIT)
                self._sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                await listen(self._sockets[0])
            except OSError as error:
                raise CannotBind(self._host, self._number, error) from None
            del self._sockets[0]

    def close(self) -> None:
        """Give it up, unless it is open: then who listens does."""
        for one in self._sockets:
            one.close()


async def taken(host: str, port: int) -> Port:
    """Take *port* (0: a free one) on every address of *host*. Raises CannotBind."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return Port(host, _bound(dict.fromkeys((family, address) for family, _, _, _, address in found)))
    except (OSError, UnicodeError) as error:  # UnicodeError: what the resolver says of a label like that of `a..b`
        raise CannotBind(host, port, error) from None


def _bound(addresses: Iterable[tuple[int, Any]]) -> list[socket.socket]:
    """Sockets on those (family, address) that this machine has, all with the port of the first. Raises OSError."""
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    with ExitStack() as undo:
        for family, (host, port, *rest) in addresses:
            number = sockets[0].getsockname()[1] if sockets else port
            try:
                sockets.append(undo.enter_context(_socket(family, (host, number, *rest))))
            except OSError as error:
                if error.errno not in {EADDRNOTAVAIL, EAFNOSUPPORT}:  # `localhost` may be ::1 too where IPv6 is off
                    raise
                missing = error
        if missing is not None and not sockets:
            raise missing
        undo.pop_all()
    return sockets


def _socket(family: int, address: Any, *, reuse: bool = False) -> socket.socket:
    """
    A bound socket.

    At first without SO_REUSEADDR: with it, another program could take a port on which nobody listens yet. But
    old connections of an earlier server block the port for those without.
    """
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        if reuse:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # IPv4 has a socket of its own
        one.bind(address)
    except OSError as error:
        one.close()
        if error.errno == EADDRINUSE and _POSIX and not reuse:
            return _socket(family, address, reuse=True)
        raise
    return one


@asynccontextmanager
async def opening_later(port: Port, listen: Listen, wall: Wall, milliseconds: int) -> AsyncIterator[None]:
    """Open *port* once so much real time has passed, unless the block has ended by then."""
    ended = asyncio.Event()

    async def wait_and_open() -> None:
        await wall.wait(ended, milliseconds)
        if not ended.is_set():
            try:
                await port.open(listen)
            except CannotBind as error:  # who has asked has long been told that all is well
                log.error("%s", error)  # noqa: TRY400 - its text is enough

    task = asyncio.create_task(wait_and_open())
    try:
        yield
    finally:
        ended.set()
        await task


class Silence:
    """Accepts connections, reads what comes and says nothing, until the client is done or `stop`."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._stopped = False
        self._connections: set[asyncio.BaseTransport] = set()

    def listening(self, tapped: Callable[[Protocols], Protocols]) -> Listen:
        """Who accepts, and lets *tapped* have a look."""

        async def listen(one: socket.socket) -> None:
            loop = asyncio.get_running_loop()
            self._servers.append(await loop.create_server(tapped(lambda: _Silent(self)), sock=one))

        return listen

    async def stop(self) -> None:
        for _ in range(3):  # rounds that asyncio needs to let in who is at the door; who is left there is never closed
            await asyncio.sleep(0)
        for server in self._servers:
            server.close()
        self._stopped = True
        for connection in tuple(self._connections):
            connection.close()

    def came(self, connection: asyncio.BaseTransport) -> None:
        self._connections.add(connection)
        if self._stopped:
            connection.close()

    def went(self, connection: asyncio.BaseTransport) -> None:
        self._connections.discard(connection)


class _Silent(asyncio.Protocol):
    """A connection. It ends with what the client has to say: whether that one still listens or left looks the same."""

    def __init__(self, silence: Silence) -> None:
        self._silence = silence

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._silence.came(transport)

    def connection_lost(self, _: Exception | None) -> None:
        self._silence.went(self._transport)


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
