"""Sends webhook calls, and writes every attempt down."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from screenplay_mock.core import wire
from screenplay_mock.core.delivery import Attempt, Delivery, attempted, redelivered
from screenplay_mock.core.plan import task_at
from screenplay_mock.encoding import encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiohttp import ClientSession

    from screenplay_mock.sandboxes import Sandboxes

MOST_AT_ONCE = 64  # calls under way; a slow receiver never holds the API, only later calls
MOST_READ = 2_048  # bytes of a receiver's answer that are looked at


class Deliveries:
    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes
        self._session: ClientSession | None = None
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._under_way: defaultdict[str, int] = defaultdict(int)
        self._quiet = asyncio.Condition()

    async def attempt(self, key: str, delivery: Delivery) -> int:
        """
        Make the attempt of a claimed *delivery*; how many calls that took: 1, or 0 when nobody is to be called.

        The webhook URL is the account's at this moment. Without one nothing is sent, ever (submit-task page:
        "otherwise you will not receive the processing results").
        """
        prepared = await self._prepared(key, delivery)
        if prepared is None:
            return 0
        if prepared.url is None:
            async with self._sandboxes.change(key) as space:
                await space.drop_delivery(delivery.id)
            return 0
        await self._call(key, delivery, prepared, attempted)
        return 1

    async def redeliver(self, key: str, delivery: Delivery) -> Delivery:
        """Send *delivery* once more, out of turn. Raises LookupError when there is nobody to call."""
        prepared = await self._prepared(key, delivery)
        if prepared is None or prepared.url is None:
            raise LookupError(f"delivery {delivery.id!r} has nobody to call: the account has no webhook URL")
        return await self._call(key, delivery, prepared, redelivered)

    async def answered(self, key: str) -> None:
        """Return when no call of the sandbox is under way."""
        async with self._quiet:
            await self._quiet.wait_for(lambda: not self._under_way[key])

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _prepared(self, key: str, delivery: Delivery) -> Delivery | None:
        """*delivery* with the URL and payload of this moment; None when its sandbox or task is gone."""
        space = await self._sandboxes.store.find(key)
        record = None if space is None else await space.task(delivery.task_id)
        if space is None or record is None:
            return None
        sandbox = await space.sandbox()
        task = task_at(record, self._sandboxes.now(sandbox))
        payload = delivery.payload or wire.callback(sandbox.dialect, record, task)
        return replace(delivery, url=sandbox.account.webhook_url, payload=payload)

    async def _call(
        self,
        key: str,
        claimed: Delivery,
        prepared: Delivery,
        outcome: Callable[[Delivery, Attempt], Delivery],
    ) -> Delivery:
        sandbox, _ = await self._sandboxes.read(key)
        at, patience = self._sandboxes.now(sandbox), sandbox.scenario.webhook.timeout
        with self._counted(key):
            async with self._slots:
                status, error = await self._post(str(prepared.url), prepared.payload or {}, patience)
            after = outcome(prepared, Attempt(at, status, error))
            await self._write_down(key, claimed, after)
        async with self._quiet:
            self._quiet.notify_all()
        return after

    async def _write_down(self, key: str, claimed: Delivery, after: Delivery) -> None:
        if await self._sandboxes.store.find(key) is None:
            return
        async with self._sandboxes.change(key) as space:
            if await space.delivery(claimed.id) == claimed:  # else it was reset meanwhile
                await space.put_delivery(after)

    @contextmanager
    def _counted(self, key: str) -> Iterator[None]:
        self._under_way[key] += 1
        try:
            yield
        finally:
            self._under_way[key] -= 1
            if not self._under_way[key]:
                del self._under_way[key]

    async def _post(self, url: str, payload: dict[str, Any], patience: int) -> tuple[int | None, str | None]:
        """POST *payload*: (HTTP status, None), or (None, what went wrong). Redirects are not followed."""
        import aiohttp

        if self._session is None:
            # a webhook arrives on a connection of its own: what a receiver did to the last one proves nothing
            connector = aiohttp.TCPConnector(limit=0, force_close=True)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": "screenplay-mock"})
        try:
            async with self._session.post(
                url,
                data=encoded(payload),
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=patience / 1000),
            ) as response:
                await response.content.read(MOST_READ)
                return response.status, None
        except TimeoutError:
            return None, f"no answer within {patience / 1000:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, str(error) or type(error).__name__
