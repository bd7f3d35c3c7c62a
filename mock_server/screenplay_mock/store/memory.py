"""The store that keeps everything in memory, and uploaded files in a temporary folder."""

from __future__ import annotations

import asyncio
import heapq
import logging
import shutil
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

from screenplay_mock.sandbox import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screenplay_mock.core.account import Charge
    from screenplay_mock.core.assets import Asset
    from screenplay_mock.core.delivery import Delivery
    from screenplay_mock.core.plan import Record
    from screenplay_mock.journal import Journal
    from screenplay_mock.sandbox import Sandbox
    from screenplay_mock.store import Space

MOST_SANDBOXES = 1_000
MOST_SETTLED_DELIVERIES = 10_000  # a sandbox; the oldest leave first
MOST_CONTENT = 4 * 2**30  # bytes of uploaded files in all

log = logging.getLogger(__name__)


@dataclass(slots=True)
class MemorySpace:
    _sandbox: Sandbox
    tokens: dict[str, tuple[str, str]]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tasks: dict[str, Record] = field(default_factory=dict)
    _open: dict[str, Record] = field(default_factory=dict)
    _assets: dict[str, Asset] = field(default_factory=dict)
    _charges: list[Charge] = field(default_factory=list)
    _deliveries: dict[str, Delivery] = field(default_factory=dict)
    _due: list[tuple[int, int, str]] = field(default_factory=list)
    _settled: dict[str, None] = field(default_factory=dict)  # the oldest first
    _waiting: dict[str, int] = field(default_factory=dict)  # delivery -> its live entry in _due
    _order: int = 0
    _counts: dict[str, int] = field(default_factory=dict)

    async def sandbox(self) -> Sandbox:
        return self._sandbox

    async def put_sandbox(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def task(self, task_id: str) -> Record | None:
        return self._tasks.get(task_id)

    async def tasks(self) -> Sequence[Record]:
        return list(self._tasks.values())

    async def open_tasks(self, now: int) -> Sequence[Record]:
        # time never goes back, so what has ended is looked at once
        for task_id in [task_id for task_id, record in self._open.items() if record.last_event_at <= now]:
            del self._open[task_id]
        return list(self._open.values())

    async def put_task(self, record: Record) -> None:
        self._tasks[record.id] = self._open[record.id] = record

    async def asset(self, asset_id: str) -> Asset | None:
        return self._assets.get(asset_id)

    async def assets(self) -> Sequence[Asset]:
        return list(self._assets.values())

    async def put_asset(self, asset: Asset) -> None:
        self._assets[asset.id] = asset
        if asset.token is not None:
            self.tokens[asset.token] = (self._sandbox.key, asset.id)

    async def charges(self) -> Sequence[Charge]:
        return list(self._charges)

    async def put_charge(self, charge: Charge) -> None:
        self._charges.append(charge)

    async def deliveries(self) -> Sequence[Delivery]:
        return list(self._deliveries.values())

    async def delivery(self, delivery_id: str) -> Delivery | None:
        return self._deliveries.get(delivery_id)

    async def put_delivery(self, delivery: Delivery) -> None:
        self._deliveries[delivery.id] = delivery
        self._waiting.pop(delivery.id, None)
        self._settled.pop(delivery.id, None)
        if delivery.due_at is not None:
            self._order += 1
            self._waiting[delivery.id] = self._order
            heapq.heappush(self._due, (delivery.due_at, self._order, delivery.id))
            return
        self._settled[delivery.id] = None
        if len(self._settled) > MOST_SETTLED_DELIVERIES:
            await self.drop_delivery(next(iter(self._settled)))

    async def drop_delivery(self, delivery_id: str) -> None:
        for held in (self._deliveries, self._waiting, self._settled):
            held.pop(delivery_id, None)

    async def next_delivery_at(self) -> int | None:
        while self._due and self._waiting.get(self._due[0][2]) != self._due[0][1]:
            heapq.heappop(self._due)  # put back, dropped or claimed since
        return self._due[0][0] if self._due else None

    async def claim_delivery(self, until: int) -> Delivery | None:
        due_at = await self.next_delivery_at()
        if due_at is None or due_at > until:
            return None
        _, _, delivery_id = heapq.heappop(self._due)
        del self._waiting[delivery_id]
        return self._deliveries[delivery_id]

    async def count(self, name: str) -> int:
        number = self._counts[name] = self._counts.get(name, 0) + 1
        return number

    async def counted(self, name: str) -> int:
        return self._counts.get(name, 0)

    async def clear(self) -> None:
        for asset in self._assets.values():
            self.tokens.pop(asset.token or "", None)
        held = (self._tasks, self._open, self._assets, self._charges)
        for one in (*held, self._deliveries, self._settled, self._due, self._waiting, self._counts):
            one.clear()


class _Change:
    """One writer's turn in a space. A class: it is on every request's way, and a generator takes thrice as long."""

    __slots__ = ("_fresh", "_key", "_space", "_store")

    def __init__(self, store: MemoryStore, key: str, fresh: Callable[[], Sandbox]) -> None:
        self._store, self._key, self._fresh = store, key, fresh

    async def __aenter__(self) -> MemorySpace:
        while True:
            self._space = await self._store.open(self._key, self._fresh)
            await self._space.lock.acquire()
            if await self._store.peek(self._key) is self._space:
                return self._space
            self._space.lock.release()  # dropped while this writer waited for its turn

    async def __aexit__(self, *_: object) -> None:
        self._space.lock.release()


class MemoryStore:
    """State of this process; it ends with it."""

    def __init__(self, journal: Journal, *, most_sandboxes: int = MOST_SANDBOXES) -> None:
        self.journal = journal
        self._most_sandboxes = most_sandboxes
        self._spaces: OrderedDict[str, MemorySpace] = OrderedDict()
        self._tokens: dict[str, tuple[str, str]] = {}
        self._folder: TemporaryDirectory[str] | None = None
        self._kept = 0
        self._content_sizes: dict[str, int] = {}
        self._content_size = 0  # their sum

    async def find(self, key: str) -> MemorySpace | None:
        space = self._spaces.get(key)
        if space is not None:
            self._spaces.move_to_end(key)
        return space

    async def peek(self, key: str) -> MemorySpace | None:
        return self._spaces.get(key)

    def change(self, key: str, fresh: Callable[[], Sandbox]) -> _Change:
        return _Change(self, key, fresh)

    async def open(self, key: str, fresh: Callable[[], Sandbox]) -> MemorySpace:
        """The space of *key*; a new one may push out the longest idle. Not for use inside a change."""
        space = await self.find(key)
        if space is None:
            space = self._spaces[key] = MemorySpace(fresh(), self._tokens)
            while len(self._spaces) > self._most_sandboxes:
                # one that is being changed is not idle, and whoever waited for it here might wait in a circle
                others = (other for other, one in self._spaces.items() if one is not space and not one.lock.locked())
                idle = next(others, None)
                if idle is None:
                    break  # the next to open a sandbox looks again
                log.warning("sandbox %s was dropped: there are more than %d", shortened(idle), self._most_sandboxes)
                await self.drop(idle)
        return space

    async def keys(self) -> Sequence[str]:
        return list(self._spaces)

    async def drop(self, key: str) -> bool:
        space = self._spaces.get(key)
        if space is None:
            return False
        async with space.lock:
            if self._spaces.get(key) is not space:
                return False  # somebody else was faster
            await self.forget(space)
            await self.journal.drop(key)
            del self._spaces[key]
        return True

    async def forget(self, space: Space) -> None:
        for asset in await space.assets():
            if asset.content is not None:
                await self.forget_content(asset.content)
        await space.clear()

    async def find_upload(self, token: str) -> tuple[str, str] | None:
        return self._tokens.get(token)

    async def keep_content(self, file: BinaryIO, size: int) -> str | None:
        if self._content_size + size > MOST_CONTENT:
            log.warning("an upload of %d bytes is refused: %d of %d are taken", size, self._content_size, MOST_CONTENT)
            return None
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="screenplay-mock-")
        self._kept += 1
        name = str(self._kept)
        self._content_sizes[name] = size  # at once: others ask for room while this one is copied
        self._content_size += size
        try:
            with (Path(self._folder.name) / name).open("wb") as kept:
                await asyncio.to_thread(shutil.copyfileobj, file, kept)
        except BaseException:
            await self.forget_content(name)
            raise
        return name

    async def content(self, name: str) -> BinaryIO | None:
        if self._folder is None or name not in self._content_sizes:
            return None
        return (Path(self._folder.name) / name).open("rb")

    async def forget_content(self, name: str) -> None:
        if self._folder is not None and name in self._content_sizes:
            self._content_size -= self._content_sizes.pop(name)
            (Path(self._folder.name) / name).unlink(missing_ok=True)

    async def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
