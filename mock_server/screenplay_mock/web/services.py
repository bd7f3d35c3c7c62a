"""Everything a handler may need, put together once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from screenplay_mock.adversary import Adversary
from screenplay_mock.clock import SystemWall
from screenplay_mock.deliveries import Deliveries
from screenplay_mock.engine import Engine
from screenplay_mock.journal import MemoryJournal
from screenplay_mock.library import Library
from screenplay_mock.sandboxes import Sandboxes
from screenplay_mock.store.memory import MemoryStore
from screenplay_mock.timekeeper import Timekeeper
from screenplay_mock.web.canary import Canary

if TYPE_CHECKING:
    from screenplay_mock.clock import Wall
    from screenplay_mock.settings import Settings
    from screenplay_mock.store import Store


MOST_BUILDS = 2  # archives made at the same time: each holds a worker thread, and megabytes while it lasts


class Services:
    def __init__(self, settings: Settings, *, store: Store | None = None, wall: Wall | None = None) -> None:
        self.settings = settings
        self.store = store or MemoryStore(MemoryJournal(most=settings.journal_max))
        self.sandboxes = Sandboxes(self.store, wall or SystemWall(), settings.defaults)
        self.canary = Canary()
        self.deliveries = Deliveries(self.sandboxes, canary_url=self.canary.webhook_url)
        self.timekeeper = Timekeeper(self.sandboxes, self.deliveries)
        self.engine = Engine(self.sandboxes, self.timekeeper)
        self.adversary = Adversary(self.sandboxes)
        self.library = Library(self.sandboxes)
        self.builds = asyncio.Semaphore(MOST_BUILDS)
        self.stopping = asyncio.Event()  # faults that wait must not hold up the end

    async def close(self) -> None:
        await self.timekeeper.close()
        await self.store.close()
