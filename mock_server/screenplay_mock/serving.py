"""Starting and stopping the fake: in this process until a signal, or in a thread beside a program."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from aiohttp import web

    from screenplay_mock.settings import Settings

STOP_SECONDS = 1.0  # aiohttp waits twice this long for what is under way, and the whole stop must end within 3 s
LONGEST_TARGET = 65_536  # bytes of a request line, and of one header


class CannotBind(OSError):
    """The address is taken, not ours, or not allowed. Carries host, port and the system's reason."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"cannot listen on {host}:{port}: {reason}")
        self.port = port


class Server:
    """A running fake. `origin` is like http://127.0.0.1:8787."""

    def __init__(self, runner: web.AppRunner, host: str) -> None:
        self._runner = runner
        port = runner.addresses[0][1]
        self.origin = f"http://{f'[{host}]' if ':' in host else host}:{port}"

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
        max_field_size=LONGEST_TARGET,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        await runner.cleanup()
        raise CannotBind(settings.host, settings.port, error.strerror or str(error)) from None
    return Server(runner, settings.host)


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
