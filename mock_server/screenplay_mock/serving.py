"""Starting and stopping the fake: in this process until a signal, or in a thread beside a program."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from contextlib import AsyncExitStack, closing
from typing import TYPE_CHECKING, Self

from screenplay_mock import certificates
from screenplay_mock.clock import SystemWall
from screenplay_mock.core.listener import FAULTLESS, listener_faults
from screenplay_mock.listening import CannotBind as CannotBind  # noqa: PLC0414 - `start` and `run` raise it
from screenplay_mock.listening import Silence, opening_later, taken

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from aiohttp import web

    from screenplay_mock.certificates import Identity
    from screenplay_mock.clock import Wall
    from screenplay_mock.core.listener import Listener
    from screenplay_mock.listening import Listen, Port
    from screenplay_mock.settings import Settings
    from screenplay_mock.web.services import Services

STOP_SECONDS = 1.0  # aiohttp waits twice this long for what is under way, and the whole stop must end within 3 s
LONGEST_STOP = 2.8  # seconds from the signal to the end, whatever is still under way then
LONGEST_TARGET = 65_536  # bytes of a request line
LONGEST_FIELD = 16_384  # bytes of one header


class Server:
    """
    A running fake. `origin` is like http://127.0.0.1:8787. Where that has faults or speaks HTTPS, `admin_origin` is
    another one, with plain HTTP; `ca_file` is the authority that clients should trust, None if there is none of ours.
    """

    def __init__(self, opened: AsyncExitStack, origin: str, admin_origin: str, ca_file: Path | None) -> None:
        self._opened = opened
        self.origin, self.admin_origin, self.ca_file = origin, admin_origin, ca_file

    @property
    def base_url(self) -> str:
        from screenplay_mock.web.routes import BASE

        return self.origin + BASE

    @property
    def admin_url(self) -> str:
        from screenplay_mock.web.admin.routes import ADMIN

        return self.admin_origin + ADMIN

    async def stop(self) -> None:
        await self._opened.aclose()


async def start(settings: Settings, *, wall: Wall | None = None) -> Server:
    """Start a fake on the running event loop. Raises CannotBind and CertificateError."""
    from screenplay_mock.web.app import application
    from screenplay_mock.web.services import Services

    wall = wall or SystemWall()
    faults = listener_faults(settings.defaults.scenario)
    identity = certificates.identity(settings, faults.tls)
    async with AsyncExitStack() as opened:
        port = opened.enter_context(closing(await taken(settings.host, settings.port)))
        services = Services(settings, wall=wall)
        runner = await _running(opened, application(services))
        await _open_canary(opened, services, identity)
        origin = admin_origin = port.origin("http" if identity is None else "https")
        if identity is not None or faults != FAULTLESS:
            admin_origin = await _free_port(opened, settings.host, _answering(runner))
        await _open(opened, port, faults, _answering(runner, identity), wall)
        ca_file = None
        if identity is not None and identity.ca_pem is not None:
            # last, so that it is removed first: an end by force must not leave it
            ca_file = opened.enter_context(certificates.pem_file(identity.ca_pem))
        return Server(opened.pop_all(), origin, admin_origin, ca_file)


async def _open_canary(opened: AsyncExitStack, services: Services, identity: Identity | None) -> None:
    """Let the other origin listen, on a port of its own; with HTTPS on one more, without."""
    from screenplay_mock.web.canary import canary_application

    runner, host = await _running(opened, canary_application(services)), services.settings.host
    plain = await _free_port(opened, host, _answering(runner))
    encrypted = None if identity is None else await _free_port(opened, host, _answering(runner, identity), "https")
    services.canary.listens(plain, encrypted)


async def _open(opened: AsyncExitStack, port: Port, faults: Listener, listen: Listen, wall: Wall) -> None:
    """Let *listen* have the port where clients connect, unless *faults* are in the way."""
    if faults.silent:
        silence = Silence()
        opened.push_async_callback(silence.stop)
        listen = silence.listen
    if faults.refused_for is None:
        await port.open(listen)
    elif faults.refused_for != "always":
        await opened.enter_async_context(opening_later(port, listen, wall, faults.refused_for))


async def _free_port(opened: AsyncExitStack, host: str, listen: Listen, scheme: str = "http") -> str:
    """The origin of a port more, which *listen* gets."""
    port = opened.enter_context(closing(await taken(host, 0)))
    await port.open(listen)
    return port.origin(scheme)


async def _running(opened: AsyncExitStack, app: web.Application) -> web.AppRunner:
    """What answers with *app* as long as *opened*, on the sockets that are given to it."""
    from aiohttp import web

    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=STOP_SECONDS,
        max_line_size=LONGEST_TARGET,
        max_field_size=LONGEST_FIELD,
    )
    opened.push_async_callback(_stop, runner)
    await runner.setup()
    return runner


async def _stop(runner: web.AppRunner) -> None:
    connections = () if runner.server is None else tuple(runner.server.connections)
    transports = [connection.transport for connection in connections]
    await runner.cleanup()
    for transport in transports:
        if transport is not None:
            transport.abort()  # HTTPS waits half a minute for the client to say good-bye, too


def _answering(runner: web.AppRunner, identity: Identity | None = None) -> Listen:
    async def listen(one: socket.socket) -> None:
        from aiohttp import web

        await web.SockSite(runner, one, ssl_context=None if identity is None else identity.context).start()

    return listen


def run(settings: Settings, announce: Callable[[Server], None], farewell: Callable[[], None] = lambda: None) -> None:
    """
    Serve until SIGINT or SIGTERM; what is under way then has LONGEST_STOP seconds, after which the process ends with 0.

    For the main thread of a program that is nothing but a server. *announce* is called when connections are accepted,
    and what it raises stops the server; *farewell* when the signal has come. Raises CannotBind.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_until_signal(settings, announce, farewell))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform != "win32":
        try:
            import uvloop
        except ImportError:  # the extra `speed` is optional
            return None
        return uvloop.new_event_loop
    return None


async def _until_signal(settings: Settings, announce: Callable[[Server], None], farewell: Callable[[], None]) -> None:
    stop = asyncio.Event()
    _set_at_signal(stop)
    server = await start(settings)
    # what is loaded stays, and tasks are kept on purpose: looking for garbage among them all the time takes a tenth
    # of a submission's time and finds none
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        announce(server)
        await stop.wait()
        farewell()
    finally:
        await server.stop()


def _set_at_signal(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    end = threading.Timer(LONGEST_STOP, os._exit, [0])  # threads, such as one that asks a slow DNS, end for nobody
    end.daemon = True

    def signalled(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # terminals and their wrappers often send it twice
        end.start()
        loop.call_soon_threadsafe(stop.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signalled)


class ServerThread:
    """The fake in a thread with its own event loop, as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._main, name="screenplay-mock", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            raise self._error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self._error = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.server = await start(self._settings)
        self._ready.set()
        try:
            await self._stop.wait()
        finally:
            await self.server.stop()
