"""The world around the fake: a webhook receiver, wall time that a test moves by hand, a store that is far away."""

from __future__ import annotations

import asyncio
import json
import pickle
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from screenplay_mock.journal import Journal
    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.store import Space, Store

pytest_plugins = ["pytester"]  # runs test suites in tests; only a conftest at the top may ask for it

PATIENCE = 20  # real seconds after which something that should have happened is held not to happen


@dataclass(frozen=True)
class Received:
    """One call of the webhook. `payload` is its JSON; None where it has none."""

    path: str
    headers: dict[str, str]
    payload: Any
    method: str
    body: bytes


class Receiver:
    """
    A webhook receiver in the loop of the test. It answers with `answers` in turn, then with 204; None never answers.

    `hook` is awaited with each payload before the answer.
    """

    def __init__(self) -> None:
        self.calls: list[Received] = []
        self.answers: list[int | None] = []
        self.location: str | None = None
        self.hook: Callable[[Any], Awaitable[None]] | None = None
        self._arrived = asyncio.Condition()
        self._at_work: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def payloads(self) -> list[Any]:
        return [call.payload for call in self.calls]

    async def until(self, count: int) -> list[Any]:
        """The payloads, once there are *count*."""
        async with asyncio.timeout(PATIENCE), self._arrived:
            await self._arrived.wait_for(lambda: len(self.calls) >= count)
        return self.payloads

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        with suppress(asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        self._at_work.discard(task)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        payload = None
        with suppress(ValueError):
            payload = json.loads(body)
        status = self.answers.pop(0) if self.answers else 204
        method, path, _ = head.split()
        async with self._arrived:
            self.calls.append(Received(path, headers, payload, method, body))
            self._arrived.notify_all()
        if self.hook is not None:
            await self.hook(payload)
        if status is None:
            await asyncio.Event().wait()
        location = f"Location: {self.location}\r\n" if self.location else ""
        writer.write(f"HTTP/1.1 {status} Said\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


class HandWall:
    """Wall time that passes only when a test says so."""

    def __init__(self) -> None:
        self._now = 1_800_000_000_000  # any time will do
        self._moved = asyncio.Event()

    def now(self) -> int:
        return self._now

    async def wait(self, event: asyncio.Event, milliseconds: float) -> None:
        until = self._now + milliseconds
        while self._now < until and not event.is_set():
            waits = [asyncio.ensure_future(one.wait()) for one in (event, self._moved)]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in waits:
                    one.cancel()

    def move(self, milliseconds: int) -> None:
        self._now += milliseconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


def copied(value: Any) -> Any:
    """*value* as it arrives in another process."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


class AwaySpace:
    """A space somewhere else: values are copies, others run meanwhile, and what is written outside a change is lost."""

    READS = frozenset(
        {"sandbox", "task", "tasks", "open_tasks", "asset", "assets", "charges"}
        | {"deliveries", "delivery", "next_delivery_at", "counted"}
    )

    def __init__(self, inner: Space, complaints: list[str], *, writable: bool) -> None:
        self.inner = inner
        self.complaints = complaints
        self.writable = writable
        self.written = False

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self.inner, name)

        async def called(*values: Any) -> Any:
            if name not in self.READS:
                self.written = True
                if not self.writable:
                    self.complaints.append(f"{name} outside a change")
            await asyncio.sleep(0)
            result = copied(await method(*copied(values)))
            await asyncio.sleep(0)
            return result

        return called


class AwayStore:
    """A store of another process, as far as anybody can tell. `complaints` are breaches of the protocol."""

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.journal: Journal = AwaySpace(inner.journal, [], writable=True)  # type: ignore[arg-type, assignment]
        self.complaints: list[str] = []

    async def find(self, key: str) -> AwaySpace | None:
        await asyncio.sleep(0)
        return await self._away(await self.inner.find(key))

    async def peek(self, key: str) -> AwaySpace | None:
        await asyncio.sleep(0)
        return await self._away(await self.inner.peek(key))

    async def _away(self, space: Space | None) -> AwaySpace | None:
        await asyncio.sleep(0)
        return None if space is None else AwaySpace(space, self.complaints, writable=False)

    @asynccontextmanager
    async def change(self, key: str, fresh: Callable[[], Sandbox]) -> AsyncIterator[AwaySpace]:
        await asyncio.sleep(0)
        async with self.inner.change(key, fresh) as space:
            away = AwaySpace(space, self.complaints, writable=True)
            try:
                yield away
            except Exception as error:
                if away.written:
                    self.complaints.append(f"a change that raised {error!r} had written")
                raise
            finally:
                away.writable = False
            await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def keys(self) -> Sequence[str]:
        await asyncio.sleep(0)
        return await self.inner.keys()

    async def drop(self, key: str) -> bool:
        await asyncio.sleep(0)
        return await self.inner.drop(key)

    async def forget(self, space: AwaySpace) -> None:
        await asyncio.sleep(0)
        await self.inner.forget(space.inner)

    async def find_upload(self, token: str) -> tuple[str, str] | None:
        await asyncio.sleep(0)
        return await self.inner.find_upload(token)

    async def keep_content(self, file: BinaryIO, size: int) -> str | None:
        await asyncio.sleep(0)
        return await self.inner.keep_content(file, size)

    async def content(self, name: str) -> BinaryIO | None:
        await asyncio.sleep(0)
        return await self.inner.content(name)

    async def forget_content(self, name: str) -> None:
        await asyncio.sleep(0)
        await self.inner.forget_content(name)

    async def close(self) -> None:
        await self.inner.close()


@pytest.fixture
def hand_wall() -> HandWall:
    return HandWall()


@pytest.fixture(params=["in memory", "far away"])
def any_store(request: pytest.FixtureRequest) -> Any:
    """A store in memory, and one that behaves as if it were in another process."""
    from screenplay_mock.journal import MemoryJournal
    from screenplay_mock.store.memory import MemoryStore

    store = MemoryStore(MemoryJournal())
    return store if request.param == "in memory" else AwayStore(store)
