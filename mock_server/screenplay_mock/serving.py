"""Starting and stopping the fake: in this process until a signal, or in a thread beside a program."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from screenplay_mock import certificates
from screenplay_mock.clock import SystemWall
from screenplay_mock.core.listener import FAULTLESS, listener_faults
from screenplay_mock.listening import CannotBind as CannotBind  # noqa: PLC0414 - `start` and `run` raise it
from screenplay_mock.sites import Sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from ssl import SSLContext
    from types import TracebackType

    from screenplay_mock.clock import Wall
    from screenplay_mock.settings import Settings
    from screenplay_mock.tap import Tap
    from screenplay_mock.web.services import Services

LONGEST_STOP = 2.8  # seconds from the signal to the end, whatever is still under way then


class Server:
    """
    A running fake. `origin` is like http://127.0.0.1:8787. Where that has faults or speaks HTTPS, `admin_origin` is
    another one, with plain HTTP; `ca_file` is the authority that clients should trust, None if there is none of ours.
    """

    def __init__(
        self, opened: AsyncExitStack, origin: str, admin_origin: str, ca_file: Path | None, prefix: str
    ) -> None:
        self._opened, self._prefix = opened, prefix
        self.origin, self.admin_origin, self.ca_file = origin, admin_origin, ca_file

    @property
    def base_url(self) -> str:
        from screenplay_mock.web.routes import BASE

        return self.origin + self._prefix + BASE

    @property
    def admin_url(self) -> str:
        from screenplay_mock.web.admin.routes import ADMIN

        return self.admin_origin + ADMIN

    async def stop(self) -> None:
        await self._opened.aclose()


async def start(settings: Settings, *, wall: Wall | None = None, tap: Tap | None = None) -> Server:
    """
    Start a fake on the running event loop. Raises CannotBind and CertificateError.

    *tap* is told what crosses its sockets, by the names of the listeners: `api`, and the other origin's `other` and,
    where that speaks HTTPS, `other-plain`.
    """
    from screenplay_mock.web.app import application
    from screenplay_mock.web.services import Services

    wall = wall or SystemWall()
    faults = listener_faults(settings.defaults.scenario)
    identity = certificates.identity(settings, faults.tls)
    context = None if identity is None else identity.context
    async with AsyncExitStack() as opened:
        sites = Sites(opened, tap)
        port = await sites.port(settings.host, settings.port)
        services = Services(settings, wall=wall)
        runner = await sites.running(application(services))
        await _open_canary(sites, services, context)
        origin = admin_origin = port.origin("http" if context is None else "https")
        if context is not None or faults != FAULTLESS:
            admin_origin = await sites.free_port(settings.host, sites.answering(runner, None))
        await sites.open(port, sites.answering(runner, "api", context), faults, wall, "api")
        ca_file = None
        if identity is not None and identity.ca_pem is not None:
            # last, so that it is removed first: an end by force must not leave it
            ca_file = opened.enter_context(certificates.pem_file(identity.ca_pem))
        return Server(opened.pop_all(), origin, admin_origin, ca_file, settings.prefix)


async def _open_canary(sites: Sites, services: Services, context: SSLContext | None) -> None:
    """Let the other origin listen, on a port of its own; with HTTPS on one more, without."""
    from screenplay_mock.web.canary import canary_application

    runner, host = await sites.running(canary_application(services)), services.settings.host
    name = "other" if context is None else "other-plain"
    plain, encrypted = await sites.free_port(host, sites.answering(runner, name)), None
    if context is not None:
        encrypted = await sites.free_port(host, sites.answering(runner, "other", context), "https")
    services.canary.listens(plain, encrypted)


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

    def __init__(self, settings: Settings, *, tap: Tap | None = None) -> None:
        self._settings, self._tap = settings, tap
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
        self.server = await start(self._settings, tap=self._tap)
        self._ready.set()
        try:
            await self._stop.wait()
        finally:
            await self.server.stop()
