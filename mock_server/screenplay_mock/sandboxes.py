"""The door to all sandboxes: a key opens one, and the first use makes it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from screenplay_mock.sandbox import Defaults, Sandbox, fresh, playing, restarted

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from screenplay_mock.clock import Wall
    from screenplay_mock.core.scenario import Scenario
    from screenplay_mock.store import Space, Store


class Sandboxes:
    def __init__(self, store: Store, wall: Wall, defaults: Defaults) -> None:
        self.store = store
        self.wall = wall
        self.defaults = defaults

    async def read(self, key: str) -> tuple[Sandbox, Space]:
        """The sandbox of *key* and what it holds, for reading."""
        space = await self.store.find(key)
        while space is None:
            async with self.change(key):
                pass  # which makes it
            space = await self.store.find(key)
        return await space.sandbox(), space

    def change(self, key: str) -> AbstractAsyncContextManager[Space]:
        """What *key*'s sandbox holds, for one writer at a time."""
        return self.store.change(key, partial(self.fresh, key))

    def fresh(self, key: str) -> Sandbox:
        return fresh(key, self.defaults, self.wall.now())

    def now(self, sandbox: Sandbox) -> int:
        return sandbox.clock.now(self.wall.now())

    async def reset(self, key: str, seed: int | None = None) -> None:
        """
        Empty the sandbox and begin anew, with another *seed* if one is given: the same requests get the same answers
        again. Its clock starts at its beginning; scenario, dialect and webhook URL stay as they were set.
        """
        async with self.change(key) as space:
            await self.store.forget(space)
            sandbox = restarted(await space.sandbox(), self.wall.now())
            await space.put_sandbox(sandbox if seed is None else replace(sandbox, seed=seed))
        await self.store.journal.drop(key)

    async def play(self, key: str, scenario: Scenario | None) -> None:
        """Play *scenario* from now on, or that of the server."""
        async with self.change(key) as space:
            wanted = self.defaults.scenario if scenario is None else scenario
            await space.put_sandbox(playing(await space.sandbox(), wanted, self.defaults))
