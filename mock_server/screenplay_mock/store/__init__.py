"""
Where state lives: one small protocol, and the store that keeps everything in memory.

Nothing outside this package may assume that state is in this process: every read and write is awaited, and what is
changed is changed inside `Store.change`, which lets one writer at a time into a sandbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from typing import BinaryIO

    from screenplay_mock.core.account import Charge
    from screenplay_mock.core.assets import Asset
    from screenplay_mock.core.delivery import Delivery
    from screenplay_mock.core.plan import Record
    from screenplay_mock.journal import Journal
    from screenplay_mock.sandbox import Sandbox


class Space(Protocol):
    """What one sandbox holds. Writers decide first and write last: a change that raises has written nothing."""

    async def sandbox(self) -> Sandbox: ...

    async def put_sandbox(self, sandbox: Sandbox) -> None: ...

    async def task(self, task_id: str) -> Record | None: ...

    async def tasks(self) -> Sequence[Record]:
        """All tasks, in the order of their submission."""
        ...

    async def open_tasks(self, now: int) -> Sequence[Record]:
        """The tasks to which something is still planned after *now*."""
        ...

    async def put_task(self, record: Record) -> None: ...

    async def asset(self, asset_id: str) -> Asset | None: ...

    async def assets(self) -> Sequence[Asset]: ...

    async def put_asset(self, asset: Asset) -> None: ...

    async def charges(self) -> Sequence[Charge]: ...

    async def put_charge(self, charge: Charge) -> None: ...

    async def deliveries(self) -> Sequence[Delivery]:
        """All deliveries, in the order in which they were owed."""
        ...

    async def delivery(self, delivery_id: str) -> Delivery | None: ...

    async def put_delivery(self, delivery: Delivery) -> None:
        """Write *delivery* down and give it free for its next attempt."""
        ...

    async def drop_delivery(self, delivery_id: str) -> None: ...

    async def next_delivery_at(self) -> int | None:
        """When the earliest attempt falls due that nobody has claimed."""
        ...

    async def claim_delivery(self, until: int) -> Delivery | None:
        """The delivery that falls due first, at *until* or before; nobody else gets it until it is put back."""
        ...

    async def count(self, name: str) -> int:
        """One more of *name*; how many there are now. Forgotten by `clear`."""
        ...

    async def counted(self, name: str) -> int:
        """How many of *name* there are."""
        ...

    async def clear(self) -> None:
        """Forget everything but the sandbox itself. `Store.forget` does this and more."""
        ...


class Store(Protocol):
    @property
    def journal(self) -> Journal: ...

    async def find(self, key: str) -> Space | None:
        """The space of *key* for reading, if there is one; asking counts as use."""
        ...

    async def peek(self, key: str) -> Space | None:
        """The same; asking does not count as use."""
        ...

    def change(self, key: str, fresh: Callable[[], Sandbox]) -> AbstractAsyncContextManager[Space]:
        """The space of *key* for one writer at a time, opened with *fresh* if there is none."""
        ...

    async def keys(self) -> Sequence[str]:
        """The keys of all sandboxes, the longest idle first."""
        ...

    async def drop(self, key: str) -> bool:
        """Forget a sandbox, once nobody is changing it; whether there was one. Not for use inside a change of it."""
        ...

    async def forget(self, space: Space) -> None:
        """Empty *space*, and throw away the content of its assets."""
        ...

    async def find_upload(self, token: str) -> tuple[str, str] | None:
        """(key, asset id) that a signed URL's token stands for."""
        ...

    async def keep_content(self, file: BinaryIO, size: int) -> str | None:
        """Keep *size* bytes of *file* and return their name; None, and a warning, when the store is full."""
        ...

    async def content(self, name: str) -> BinaryIO | None:
        """What was kept under *name*, for the caller to close; None when it has been forgotten."""
        ...

    async def forget_content(self, name: str) -> None:
        """Throw away what was kept under *name*, if it still is."""
        ...

    async def close(self) -> None: ...


__all__ = ["Space", "Store"]
