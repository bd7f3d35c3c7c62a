"""Starting and stopping the fake: in this process until a signal, or in a thread beside a program."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from aiohttp import web

    from screenplay_mock.settings import Settings

STOP_SECONDS = 1.0  # aiohttp waits twice this long for what is under way, and the whole stop must end within 3 s
LONGEST_STOP = 2.8  # seconds from the signal to the end, whatever is still under way then
LONGEST_TARGET = 65_536  # bytes of a request line
LONGEST_FIELD = 16_384  # bytes of one header


#: Where a client on this machine finds a server that listens on all addresses.
LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound


class CannotBind(OSError):
    """The address is taken, not ours, or not allowed. Carries host, port and, where the system gave one, errno."""

    def __init__(self, host: str, port: int, cause: Exception) -> None:
        reason, number = str(cause), None
        if isinstance(cause, OSError) and cause.errno is not None:
            number = cause.errno
            # asyncio words it anew, with the address in it; what the resolver says has no other words
            reason = str(cause.strerror) if isinstance(cause, socket.gaierror) else os.strerror(number)
        super().__init__(f"cannot listen on {_authority(host, port)}: {reason}")
        self.host, self.port, self.errno = host, port, number


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Server:
    """A running fake. `origin` is like http://127.0.0.1:8787."""

    def __init__(self, runner: web.AppRunner, host: str) -> None:
        self._runner = runner
        self.origin = f"http://{_authority(LOOPBACK_OF.get(host, host), runner.addresses[0][1])}"

    @property
    def base_url(self) -> str:
        from screenplay_mock.web.routes import BASE

        return self.origin + BASE

    @property
    def admin_url(self) -> str:
        from screenplay_mock.web.admin.routes import ADMIN

        return self.origin + ADMIN

    async def stop(self) -> None:
        await self._runner.cleanup()


async def start(settings: Settings) -> Server:
    """Start a fake on the running event loop. Raises CannotBind."""
    from aiohttp import web

    from screenplay_mock.web.app import application
    from screenplay_mock.web.services import Services

    runner = web.AppRunner(
        application(Services(settings)),
        access_log=None,
        shutdown_timeout=STOP_SECONDS,
        max_line_size=LONGEST_TARGET,
        max_field_size=LONGEST_FIELD,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except (OSError, UnicodeError) as error:  # UnicodeError: what the resolver says of a label like that of `a..b`
        await runner.cleanup()
        raise CannotBind(settings.host, settings.port, error) from None
    return Server(runner, settings.host)


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
